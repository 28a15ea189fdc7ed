#include "bounded_exporters.hpp"

#include <utility>
#include <vector>

#include "account.hpp"
#include "limited_recordables.hpp"

namespace lineshaft::otlp {

namespace {

namespace sdk = opentelemetry::sdk;
using opentelemetry::nostd::span;
using sdk::common::ExportResult;
using std::chrono::microseconds;

// Whether it was delivered. OTLP over HTTP gives success in any case, and logs what went wrong.
template <class Export>
bool try_export(Export export_now) {
  if (the_account().late()) return false;
  (void)take_logged_failure();
  const auto outcome = export_now();
  return !take_logged_failure() && outcome == ExportResult::kSuccess;
}

template <class Recordable>
std::vector<std::unique_ptr<Recordable>> inner_ones(const span<std::unique_ptr<Recordable>>& limited) {
  std::vector<std::unique_ptr<Recordable>> inner;
  inner.reserve(limited.size());
  for (auto& one : limited) inner.push_back(take_inner(std::move(one)));
  return inner;
}

class bounded_spans final : public span_exporter {
 public:
  bounded_spans(std::unique_ptr<span_exporter> inner, telemetry::limit_settings limits)
      : inner_(std::move(inner)), limits_(limits) {}

  std::unique_ptr<sdk::trace::Recordable> MakeRecordable() noexcept override {
    return limited(inner_->MakeRecordable(), limits_);
  }
  ExportResult Export(const span<std::unique_ptr<sdk::trace::Recordable>>& spans) noexcept override {
    auto batch = inner_ones(spans);
    if (!try_export([&] { return inner_->Export({batch.data(), batch.size()}); })) return ExportResult::kFailure;
    *the_account().counts.spans_delivered += batch.size();
    return ExportResult::kSuccess;
  }
  bool ForceFlush(microseconds timeout) noexcept override { return inner_->ForceFlush(timeout); }
  bool Shutdown(microseconds timeout) noexcept override { return inner_->Shutdown(timeout); }

 private:
  std::unique_ptr<span_exporter> inner_;
  telemetry::limit_settings limits_;
};

class bounded_logs final : public log_exporter {
 public:
  bounded_logs(std::unique_ptr<log_exporter> inner, telemetry::limit_settings limits)
      : inner_(std::move(inner)), limits_(limits) {}

  std::unique_ptr<sdk::logs::Recordable> MakeRecordable() noexcept override {
    return limited(inner_->MakeRecordable(), limits_);
  }
  ExportResult Export(const span<std::unique_ptr<sdk::logs::Recordable>>& records) noexcept override {
    auto batch = inner_ones(records);
    if (!try_export([&] { return inner_->Export({batch.data(), batch.size()}); })) return ExportResult::kFailure;
    *the_account().counts.log_records_delivered += batch.size();
    return ExportResult::kSuccess;
  }
  bool ForceFlush(microseconds timeout) noexcept override { return inner_->ForceFlush(timeout); }
  bool Shutdown(microseconds timeout) noexcept override { return inner_->Shutdown(timeout); }

 private:
  std::unique_ptr<log_exporter> inner_;
  telemetry::limit_settings limits_;
};

class bounded_metrics final : public metric_exporter {
 public:
  explicit bounded_metrics(std::unique_ptr<metric_exporter> inner) : inner_(std::move(inner)) {}

  ExportResult Export(const sdk::metrics::ResourceMetrics& data) noexcept override {
    the_account().collected();
    if (!try_export([&] { return inner_->Export(data); })) {
      ++*the_account().counts.metric_exports_failed;
      return ExportResult::kFailure;
    }
    *the_account().counts.metric_exports_failed = 0;
    return ExportResult::kSuccess;
  }
  sdk::metrics::AggregationTemporality GetAggregationTemporality(
      sdk::metrics::InstrumentType instrument) const noexcept override {
    return inner_->GetAggregationTemporality(instrument);
  }
  bool ForceFlush(microseconds timeout) noexcept override { return inner_->ForceFlush(timeout); }
  bool Shutdown(microseconds timeout) noexcept override { return inner_->Shutdown(timeout); }

 private:
  std::unique_ptr<metric_exporter> inner_;
};

}  // namespace

std::unique_ptr<span_exporter> bounded(std::unique_ptr<span_exporter> inner, const telemetry::limit_settings& limits) {
  return std::make_unique<bounded_spans>(std::move(inner), limits);
}

std::unique_ptr<log_exporter> bounded(std::unique_ptr<log_exporter> inner, const telemetry::limit_settings& limits) {
  return std::make_unique<bounded_logs>(std::move(inner), limits);
}

std::unique_ptr<metric_exporter> bounded(std::unique_ptr<metric_exporter> inner) {
  return std::make_unique<bounded_metrics>(std::move(inner));
}

std::chrono::milliseconds shorter(std::chrono::milliseconds a, std::chrono::milliseconds b) {
  using std::chrono::milliseconds;
  // curl and gRPC take no endless time; a day is one.
  constexpr milliseconds endless = std::chrono::hours(24);
  return std::min(a == milliseconds(0) ? endless : a, b == milliseconds(0) ? endless : b);
}

}  // namespace lineshaft::otlp
