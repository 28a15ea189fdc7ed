#include "market_data/workers/processor.hpp"

#include <lineshaft/tracing.hpp>
#include <stdexcept>

#include "market_data/workers/raised.hpp"
#include "market_data/workers/traced.hpp"
#include "market_data/workers/value_or_throw.hpp"

namespace market_data {

using boost::asio::awaitable;
using namespace std::chrono_literals;

awaitable<void> market_data_processor::start() {
  auto& metrics = context_.metrics();
  cache_ = value_or_throw(co_await lineshaft::open_cache(context_.executor(), options_.cache));
  const raised mdc(metrics.mdc_connected);
  queue_ = value_or_throw(co_await lineshaft::open_consumer(context_, options_.queue));
  const raised mdq(metrics.mdq_connected);
  const auto name = options_.queue->substr(options_.queue->find(':') + 1);
  analyzer_ = make_analyzer(name);
  while (context_.running()) {
    const auto batch = co_await queue_->receive();
    if (!batch && !context_.running()) co_return;
    if (!batch) throw std::runtime_error(batch.error().message());
    if (is_traced()) {
      co_await lineshaft::with_span("process " + name, handle(*batch), batch_span_options(*batch, name));
    } else {
      co_await handle(*batch);
    }
  }
}

awaitable<void> market_data_processor::handle(const lineshaft::message_batch& batch) {
  auto& metrics = context_.metrics();
  while (context_.running()) {
    const auto result = co_await analyzer_->analyze(batch, *cache_);
    metrics.mdc_connected.set(result.has_value());
    if (result) {
      metrics.processed.add(result->processed);
      metrics.published.add(result->published);
      metrics.decoding_errors.add(result->decoding_errors);
      metrics.processing_errors.add(result->processing_errors);
      queue_->done();
      co_return;
    }
    metrics.errors.add();
    boost::asio::steady_timer pause(context_.executor(), 100ms);
    co_await pause.async_wait(boost::asio::use_awaitable);
  }
}

}  // namespace market_data
