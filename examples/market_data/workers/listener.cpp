#include "market_data/workers/listener.hpp"

#include <lineshaft/log.hpp>
#include <lineshaft/tracing.hpp>

#include "market_data/workers/raised.hpp"
#include "market_data/workers/traced.hpp"
#include "market_data/workers/value_or_throw.hpp"

namespace market_data {

using boost::asio::awaitable;

awaitable<void> market_data_listener::start() {
  co_await open();
  const raised mdq(context_.metrics().mdq_connected);
  while (context_.running()) {
    auto frame = value_or_throw(co_await feed_->next());
    if (!frame) break;
    if (is_traced()) {
      co_await lineshaft::with_span("send frame", pass_on(*frame), frame_span_options());
    } else {
      co_await pass_on(*frame);
    }
  }
  count_unreadable();
  if (context_.running()) context_.finish();
}

awaitable<void> market_data_listener::open() {
  feed_ = value_or_throw(co_await lineshaft::open_feed(context_.executor(), options_.feed));
  for (const auto which : streams) {
    auto url = options_.queue + std::string(to_string(which));
    queues_[static_cast<std::size_t>(which)] =
        value_or_throw(co_await lineshaft::open_producer(context_, std::move(url)));
  }
}

awaitable<void> market_data_listener::pass_on(const lineshaft::feed_frame& frame) {
  for (const auto& event : frame.events) {
    const bool translated = translator_.translate(event.json, messages_);
    (translated ? context_.metrics().processed : context_.metrics().decoding_errors).add();
  }
  count_unreadable();
  for (std::size_t index = 0; index < stream_count; ++index) {
    auto& batch = messages_[index];
    if (batch.empty()) continue;
    std::vector<lineshaft::message> outgoing;
    for (const auto body : batch.views()) outgoing.push_back({.body = body});
    const auto sent = co_await queues_[index]->send(outgoing);
    if (!sent && !context_.running()) co_return;
    if (!sent) throw std::runtime_error(sent.error().message());
    context_.metrics().published.add(outgoing.size());
    batch.clear();
  }
}

void market_data_listener::count_unreadable() {
  const auto by_feed = feed_->decoding_errors();
  if (unreadable_ == 0 && by_feed > 0) lineshaft::log::warn("{}", feed_->first_decoding_error());
  context_.metrics().decoding_errors.add(by_feed - unreadable_);
  unreadable_ = by_feed;
}

}  // namespace market_data
