#pragma once
// The processor: takes one queue's messages, computes, and writes what comes of it to the cache.
#include <lineshaft/cache.hpp>
#include <lineshaft/lineshaft.hpp>
#include <lineshaft/queue.hpp>
#include <memory>

#include "market_data/analyze/analyzer.hpp"

namespace market_data {

struct processor_options {
  lineshaft::required<std::string> queue;  ///< "local:trades": the name after the scheme says what is computed
  lineshaft::required<std::string> cache;  ///< "lmdb:run/cache"
};
BOOST_DESCRIBE_STRUCT(processor_options, (), (queue, cache))

/// A batch is done when its results are written. While the cache is gone the worker waits for it, with
/// mdc_connected false, and the queue fills up: nothing is lost.
class market_data_processor : public lineshaft::worker {
 public:
  static constexpr std::string_view class_name = "market_data_processor";
  using options = processor_options;
  market_data_processor(options given, lineshaft::worker_context& context)
      : options_(std::move(given)), context_(context) {}
  boost::asio::awaitable<void> start() override;

 private:
  boost::asio::awaitable<void> handle(const lineshaft::message_batch& batch);

  options options_;
  lineshaft::worker_context& context_;
  std::unique_ptr<lineshaft::queue_consumer> queue_;
  std::unique_ptr<lineshaft::cache> cache_;
  std::unique_ptr<analyzer> analyzer_;
};

}  // namespace market_data
