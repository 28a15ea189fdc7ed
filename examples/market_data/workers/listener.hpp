#pragma once
// The listener: takes the feed in and sorts its events into the queues.
#include <array>
#include <lineshaft/feed.hpp>
#include <lineshaft/lineshaft.hpp>
#include <lineshaft/queue.hpp>
#include <memory>

#include "market_data/wire/event_translator.hpp"

namespace market_data {

struct listener_options {
  lineshaft::required<std::string> feed;  ///< "replay:data/sample.ndjson"
  std::string queue = "local:";           ///< what the names of the streams are appended to
};
BOOST_DESCRIBE_STRUCT(listener_options, (), (feed, queue))

/// Ends by finish() when the feed has ended. Counts as processed what came in, as published what a queue has taken.
class market_data_listener : public lineshaft::worker {
 public:
  static constexpr std::string_view class_name = "market_data_listener";
  using options = listener_options;
  market_data_listener(options given, lineshaft::worker_context& context)
      : options_(std::move(given)), context_(context) {}
  boost::asio::awaitable<void> start() override;

 private:
  boost::asio::awaitable<void> open();
  boost::asio::awaitable<void> pass_on(const lineshaft::feed_frame& frame);
  void count_unreadable();

  options options_;
  lineshaft::worker_context& context_;
  std::unique_ptr<lineshaft::feed> feed_;
  std::array<std::unique_ptr<lineshaft::queue_producer>, stream_count> queues_;
  event_translator translator_;
  message_batches messages_;
  std::uint64_t unreadable_ = 0;  ///< by the feed, as far as counted here
};

}  // namespace market_data
