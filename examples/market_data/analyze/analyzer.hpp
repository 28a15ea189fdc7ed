#pragma once
// What is computed from one stream: messages in, writes to the cache out.
#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <memory>
#include <string_view>

#include "lineshaft/cache.hpp"
#include "lineshaft/queue.hpp"

namespace market_data {

/// What became of one batch: every message is one of the first three.
struct analysis {
  std::size_t processed = 0;
  std::size_t decoding_errors = 0;    ///< no JSON, or no message of this stream
  std::size_t processing_errors = 0;  ///< read, but not to be worked with: no symbol, no price
  std::size_t published = 0;          ///< results written
};

/// Owned by one processor, used by one coroutine at a time. All writes of a batch are made together, at its
/// end, and of several results for one key only the newest is written: readers see the newest in any case.
class analyzer {
 public:
  virtual ~analyzer() = default;
  /// An error is the cache's: then nothing of the batch counts as published.
  virtual boost::asio::awaitable<lineshaft::result<analysis>> analyze(const lineshaft::message_batch& batch,
                                                                      lineshaft::cache& cache) = 0;
};

/// The analyzer for the queue of this name: the leaderboard for "aggregate", the top trades for "trades",
/// and the newest event of each symbol for all others.
std::unique_ptr<analyzer> make_analyzer(std::string_view queue_name);

}  // namespace market_data
