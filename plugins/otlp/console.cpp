#include "console.hpp"

#include <opentelemetry/exporters/ostream/log_record_exporter_factory.h>
#include <opentelemetry/exporters/ostream/metric_exporter_factory.h>
#include <unistd.h>

#include <sstream>
#include <string_view>
#include <utility>

#include "span_line.hpp"
#include "telemetry/write_whole.hpp"

namespace lineshaft::otlp {

namespace {

namespace sdk = opentelemetry::sdk;
using opentelemetry::nostd::span;
using sdk::common::ExportResult;
using std::chrono::microseconds;

ExportResult print(std::string_view text) {
  return telemetry::write_whole(STDOUT_FILENO, text) ? ExportResult::kSuccess : ExportResult::kFailure;
}

// One exporter writes from one thread.
ExportResult print(std::ostringstream& collected) {
  const auto text = std::move(collected).str();
  collected.str({});
  return print(text);
}

class console_spans final : public span_exporter {
 public:
  std::unique_ptr<sdk::trace::Recordable> MakeRecordable() noexcept override {
    return std::make_unique<sdk::trace::SpanData>();
  }
  // A write for each: the lines of several processes stay whole.
  ExportResult Export(const span<std::unique_ptr<sdk::trace::Recordable>>& spans) noexcept override {
    for (const auto& one : spans) {
      const auto printed = print(line_of(static_cast<const sdk::trace::SpanData&>(*one)));
      if (printed != ExportResult::kSuccess) return printed;
    }
    return ExportResult::kSuccess;
  }
  bool ForceFlush(microseconds) noexcept override { return true; }
  bool Shutdown(microseconds) noexcept override { return true; }
};

class console_logs final : public log_exporter {
 public:
  std::unique_ptr<sdk::logs::Recordable> MakeRecordable() noexcept override { return inner_->MakeRecordable(); }
  ExportResult Export(const span<std::unique_ptr<sdk::logs::Recordable>>& records) noexcept override {
    (void)inner_->Export(records);
    return print(text_);
  }
  bool ForceFlush(microseconds) noexcept override { return true; }
  bool Shutdown(microseconds timeout) noexcept override { return inner_->Shutdown(timeout); }

 private:
  std::ostringstream text_;
  std::unique_ptr<log_exporter> inner_ = opentelemetry::exporter::logs::OStreamLogRecordExporterFactory::Create(text_);
};

class console_metrics final : public metric_exporter {
 public:
  ExportResult Export(const sdk::metrics::ResourceMetrics& data) noexcept override {
    (void)inner_->Export(data);
    return print(text_);
  }
  sdk::metrics::AggregationTemporality GetAggregationTemporality(
      sdk::metrics::InstrumentType instrument) const noexcept override {
    return inner_->GetAggregationTemporality(instrument);
  }
  bool ForceFlush(microseconds) noexcept override { return true; }
  bool Shutdown(microseconds timeout) noexcept override { return inner_->Shutdown(timeout); }

 private:
  std::ostringstream text_;
  std::unique_ptr<metric_exporter> inner_ =
      opentelemetry::exporter::metrics::OStreamMetricExporterFactory::Create(text_);
};

}  // namespace

std::unique_ptr<span_exporter> console_span_exporter() { return std::make_unique<console_spans>(); }
std::unique_ptr<metric_exporter> console_metric_exporter() { return std::make_unique<console_metrics>(); }
std::unique_ptr<log_exporter> console_log_exporter() { return std::make_unique<console_logs>(); }

}  // namespace lineshaft::otlp
