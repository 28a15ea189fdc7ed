#include "bounded_exporters.hpp"

#include <gtest/gtest.h>
#include <opentelemetry/sdk/logs/read_write_log_record.h>
#include <opentelemetry/sdk/metrics/export/metric_producer.h>
#include <opentelemetry/sdk/trace/span_data.h>

#include "account.hpp"

using namespace lineshaft;
namespace sdk = opentelemetry::sdk;
using opentelemetry::nostd::span;
using sdk::common::ExportResult;
using std::chrono::microseconds;

namespace {

// What the SDK's do: as this test wants it.
struct behaviour {
  int exports = 0;
  bool logs_an_error = false;
  ExportResult gives = ExportResult::kSuccess;

  ExportResult export_now() {
    ++exports;
    if (logs_an_error) otlp::note_logged_failure();
    return gives;
  }
};

class spans final : public otlp::span_exporter {
 public:
  explicit spans(behaviour& how) : how_(how) {}
  std::unique_ptr<sdk::trace::Recordable> MakeRecordable() noexcept override {
    return std::make_unique<sdk::trace::SpanData>();
  }
  ExportResult Export(const span<std::unique_ptr<sdk::trace::Recordable>>&) noexcept override {
    return how_.export_now();
  }
  bool ForceFlush(microseconds) noexcept override { return true; }
  bool Shutdown(microseconds) noexcept override { return true; }

 private:
  behaviour& how_;
};

class logs final : public otlp::log_exporter {
 public:
  explicit logs(behaviour& how) : how_(how) {}
  std::unique_ptr<sdk::logs::Recordable> MakeRecordable() noexcept override {
    return std::make_unique<sdk::logs::ReadWriteLogRecord>();
  }
  ExportResult Export(const span<std::unique_ptr<sdk::logs::Recordable>>&) noexcept override {
    return how_.export_now();
  }
  bool ForceFlush(microseconds) noexcept override { return true; }
  bool Shutdown(microseconds) noexcept override { return true; }

 private:
  behaviour& how_;
};

class metrics final : public otlp::metric_exporter {
 public:
  explicit metrics(behaviour& how) : how_(how) {}
  ExportResult Export(const sdk::metrics::ResourceMetrics&) noexcept override { return how_.export_now(); }
  sdk::metrics::AggregationTemporality GetAggregationTemporality(sdk::metrics::InstrumentType) const noexcept override {
    return sdk::metrics::AggregationTemporality::kCumulative;
  }
  bool ForceFlush(microseconds) noexcept override { return true; }
  bool Shutdown(microseconds) noexcept override { return true; }

 private:
  behaviour& how_;
};

class bounded_exporters : public testing::Test {
 protected:
  ~bounded_exporters() override { deadline(otlp::account::clock::time_point::max()); }
  static void deadline(otlp::account::clock::time_point when) {
    otlp::the_account().deadline = when.time_since_epoch().count();
  }
  // How often it was sent, of two spans, two log records, and the metrics.
  void export_all() {
    const auto traces = otlp::bounded(std::make_unique<spans>(how_), telemetry::limit_settings());
    std::unique_ptr<sdk::trace::Recordable> some_spans[] = {traces->MakeRecordable(), traces->MakeRecordable()};
    (void)traces->Export({some_spans, 2});
    const auto records = otlp::bounded(std::make_unique<logs>(how_), telemetry::limit_settings());
    std::unique_ptr<sdk::logs::Recordable> some_records[] = {records->MakeRecordable(), records->MakeRecordable()};
    (void)records->Export({some_records, 2});
    (void)otlp::bounded(std::make_unique<metrics>(how_))->Export(sdk::metrics::ResourceMetrics());
  }
  static std::array<std::uint64_t, 3> delivered_and_failed() {
    const auto& all = otlp::the_account().counts;
    return {*all.spans_delivered, *all.log_records_delivered, *all.metric_exports_failed};
  }

  behaviour how_;
  std::array<std::uint64_t, 3> before_ = delivered_and_failed();
};

}  // namespace

TEST_F(bounded_exporters, what_is_sent_counts_as_delivered) {
  export_all();
  EXPECT_EQ(how_.exports, 3);
  EXPECT_EQ(delivered_and_failed(), (std::array<std::uint64_t, 3>{before_[0] + 2, before_[1] + 2, 0}));
}

TEST_F(bounded_exporters, what_fails_does_not_whether_it_says_so_or_logs_an_error) {
  how_.gives = ExportResult::kFailure;
  export_all();
  how_ = {.logs_an_error = true};
  export_all();
  EXPECT_EQ(delivered_and_failed(), (std::array<std::uint64_t, 3>{before_[0], before_[1], before_[2] + 2}));
  how_ = {};
  export_all();
  EXPECT_EQ(delivered_and_failed(), (std::array<std::uint64_t, 3>{before_[0] + 2, before_[1] + 2, 0}));
}

// Only then can instruments be added without waiting for a collection to end.
TEST_F(bounded_exporters, program_is_told_of_each_collection_before_it_is_sent) {
  int told = 0, exports_before = -1;
  otlp::the_account().collected = [&] {
    ++told;
    exports_before = how_.exports;
  };
  (void)otlp::bounded(std::make_unique<metrics>(how_))->Export(sdk::metrics::ResourceMetrics());
  otlp::the_account().collected = [] {};
  EXPECT_EQ((std::array{told, exports_before, how_.exports}), (std::array{1, 0, 1}));
}

TEST_F(bounded_exporters, nothing_is_sent_after_the_deadline) {
  deadline(otlp::account::clock::now());
  export_all();
  EXPECT_EQ(how_.exports, 0);
  EXPECT_EQ(delivered_and_failed(), (std::array<std::uint64_t, 3>{before_[0], before_[1], before_[2] + 1}));
}
