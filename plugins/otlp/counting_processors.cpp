#include "counting_processors.hpp"

#include <opentelemetry/sdk/logs/batch_log_record_processor_factory.h>
#include <opentelemetry/sdk/logs/batch_log_record_processor_options.h>
#include <opentelemetry/sdk/logs/recordable.h>
#include <opentelemetry/sdk/trace/batch_span_processor_factory.h>
#include <opentelemetry/sdk/trace/batch_span_processor_options.h>
#include <opentelemetry/sdk/trace/recordable.h>

#include <utility>

#include "account.hpp"

namespace lineshaft::otlp {

namespace {

namespace sdk = opentelemetry::sdk;
using std::chrono::microseconds;

class counting_spans final : public sdk::trace::SpanProcessor {
 public:
  explicit counting_spans(std::unique_ptr<sdk::trace::SpanProcessor> inner) : inner_(std::move(inner)) {}

  std::unique_ptr<sdk::trace::Recordable> MakeRecordable() noexcept override { return inner_->MakeRecordable(); }
  void OnStart(sdk::trace::Recordable& span, const opentelemetry::trace::SpanContext& parent) noexcept override {
    inner_->OnStart(span, parent);
  }
  void OnEnd(std::unique_ptr<sdk::trace::Recordable>&& span) noexcept override {
    ++*the_account().counts.spans_recorded;
    inner_->OnEnd(std::move(span));
  }
  bool ForceFlush(microseconds timeout) noexcept override { return inner_->ForceFlush(timeout); }
  bool Shutdown(microseconds timeout) noexcept override { return inner_->Shutdown(timeout); }

 private:
  std::unique_ptr<sdk::trace::SpanProcessor> inner_;
};

class counting_logs final : public sdk::logs::LogRecordProcessor {
 public:
  explicit counting_logs(std::unique_ptr<sdk::logs::LogRecordProcessor> inner) : inner_(std::move(inner)) {}

  std::unique_ptr<sdk::logs::Recordable> MakeRecordable() noexcept override { return inner_->MakeRecordable(); }
  void OnEmit(std::unique_ptr<sdk::logs::Recordable>&& record) noexcept override {
    ++*the_account().counts.log_records_recorded;
    inner_->OnEmit(std::move(record));
  }
  bool ForceFlush(microseconds timeout) noexcept override { return inner_->ForceFlush(timeout); }
  bool Shutdown(microseconds timeout) noexcept override { return inner_->Shutdown(timeout); }

 private:
  std::unique_ptr<sdk::logs::LogRecordProcessor> inner_;
};

template <class Options>
Options options_of(const telemetry::batch_settings& how) {
  Options options;
  options.max_queue_size = how.queue;
  options.schedule_delay_millis = how.delay;
  options.max_export_batch_size = how.batch;
  return options;
}

}  // namespace

std::unique_ptr<sdk::trace::SpanProcessor> batching(std::unique_ptr<span_exporter> exporter,
                                                    const telemetry::batch_settings& how) {
  return std::make_unique<counting_spans>(sdk::trace::BatchSpanProcessorFactory::Create(
      std::move(exporter), options_of<sdk::trace::BatchSpanProcessorOptions>(how)));
}

std::unique_ptr<sdk::logs::LogRecordProcessor> batching(std::unique_ptr<log_exporter> exporter,
                                                        const telemetry::batch_settings& how) {
  return std::make_unique<counting_logs>(sdk::logs::BatchLogRecordProcessorFactory::Create(
      std::move(exporter), options_of<sdk::logs::BatchLogRecordProcessorOptions>(how)));
}

}  // namespace lineshaft::otlp
