#pragma once
// The whole pipeline: listeners, and processors on each of their queues, under one manager.
#include <lineshaft/lineshaft.hpp>
#include <string>
#include <vector>

namespace market_data {

struct processing_options {
  std::string cache;
  unsigned processors = 1;  ///< for each of the queues whose order does not matter: trades and quotes
};

/// The accounts of all queues together.
struct accounts {
  std::uint64_t fed = 0;        ///< what the listener has passed on
  std::uint64_t processed = 0;  ///< done by processors, also by those that died later
  std::uint64_t lost = 0;       ///< taken by processors that died before they had done it
  std::uint64_t waiting = 0;    ///< in queues or in work
  bool balanced() const { return fed == processed + lost + waiting; }
};

/// Starts the processors of all queues. The first failure is the answer; what runs by then stays.
lineshaft::result<> start_processors(lineshaft::process_manager& manager, const processing_options& options);
lineshaft::result<> start_listener(lineshaft::process_manager& manager, const std::string& name,
                                   const std::string& feed);

accounts accounts_of(const lineshaft::process_manager& manager);
/// This listener has ended, and nothing waits any more.
bool is_drained(const lineshaft::process_manager& manager, const std::string& listener);

/// The table of worker classes that the pipeline's programs share.
std::span<const lineshaft::worker_class> worker_classes();

}  // namespace market_data
