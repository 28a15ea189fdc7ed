#include "sdk.hpp"

#include <opentelemetry/logs/noop.h>
#include <opentelemetry/logs/provider.h>
#include <opentelemetry/metrics/noop.h>
#include <opentelemetry/metrics/provider.h>
#include <opentelemetry/sdk/logs/logger_provider.h>
#include <opentelemetry/sdk/logs/logger_provider_factory.h>
#include <opentelemetry/sdk/metrics/aggregation/aggregation_config.h>
#include <opentelemetry/sdk/metrics/export/periodic_exporting_metric_reader_factory.h>
#include <opentelemetry/sdk/metrics/export/periodic_exporting_metric_reader_options.h>
#include <opentelemetry/sdk/metrics/meter_provider.h>
#include <opentelemetry/sdk/metrics/meter_provider_factory.h>
#include <opentelemetry/sdk/metrics/view/instrument_selector_factory.h>
#include <opentelemetry/sdk/metrics/view/meter_selector_factory.h>
#include <opentelemetry/sdk/metrics/view/view_factory.h>
#include <opentelemetry/sdk/metrics/view/view_registry_factory.h>
#include <opentelemetry/sdk/trace/samplers/always_off_factory.h>
#include <opentelemetry/sdk/trace/samplers/always_on_factory.h>
#include <opentelemetry/sdk/trace/samplers/parent_factory.h>
#include <opentelemetry/sdk/trace/samplers/trace_id_ratio_factory.h>
#include <opentelemetry/sdk/trace/tracer_provider.h>
#include <opentelemetry/sdk/trace/tracer_provider_factory.h>
#include <opentelemetry/trace/noop.h>
#include <opentelemetry/trace/provider.h>
#include <pthread.h>
#include <signal.h>

#include <condition_variable>
#include <mutex>
#include <thread>

#include "account.hpp"
#include "bounded_exporters.hpp"
#include "console.hpp"
#include "counting_processors.hpp"
#include "internal_log.hpp"
#include "resource.hpp"

namespace lineshaft::otlp {

namespace {

namespace otel = opentelemetry;
namespace sdk = otel::sdk;
using telemetry::exporter;

// The SDK's and, beside them, those that stand in for them in the child of a fork() and after the end.
struct providers {
  otel::nostd::shared_ptr<otel::trace::TracerProvider> traces, no_traces;
  otel::nostd::shared_ptr<otel::metrics::MeterProvider> metrics, no_metrics;
  otel::nostd::shared_ptr<otel::logs::LoggerProvider> logs, no_logs;
  // The same as above, of their own types; null where a signal is not wanted.
  sdk::trace::TracerProvider* sdk_traces = nullptr;
  sdk::metrics::MeterProvider* sdk_metrics = nullptr;
  sdk::logs::LoggerProvider* sdk_logs = nullptr;
};

providers* the_providers = nullptr;

// Threads of the SDK inherit it: a signal for the program must not end up on one of them.
class all_signals_blocked {
 public:
  all_signals_blocked() {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~all_signals_blocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  all_signals_blocked(const all_signals_blocked&) = delete;
  all_signals_blocked& operator=(const all_signals_blocked&) = delete;

 private:
  sigset_t before_;
};

std::unique_ptr<sdk::trace::Sampler> make_sampler(const telemetry::settings& wanted) {
  using namespace sdk::trace;
  std::unique_ptr<Sampler> root;
  switch (wanted.sampling) {
    case telemetry::sampler::always_on: root = AlwaysOnSamplerFactory::Create(); break;
    case telemetry::sampler::always_off: root = AlwaysOffSamplerFactory::Create(); break;
    case telemetry::sampler::traceidratio: root = TraceIdRatioBasedSamplerFactory::Create(wanted.ratio); break;
  }
  if (!wanted.follow_parent) return root;
  return ParentBasedSamplerFactory::Create(std::shared_ptr<Sampler>(std::move(root)));
}

// Those of one signal: this plug-in's own, the console's, the other plug-in's.
template <class Exporter>
class exporters_of {
 public:
  using make = std::unique_ptr<Exporter> (*)(const telemetry::settings&);

  exporters_of(const telemetry::settings& wanted, const char* const* environment,
               const lineshaft_telemetry_plugin* other)
      : wanted_(wanted), environment_(environment), other_(other) {}

  std::vector<std::unique_ptr<Exporter>> all(const telemetry::signal_settings& signal, int number, make own,
                                             std::unique_ptr<Exporter> (*console)()) const {
    std::vector<std::unique_ptr<Exporter>> made;
    for (const auto kind : signal.exporters) {
      if (kind == exporter::console) {
        made.push_back(console());
      } else if (speaks(signal.otlp.over)) {
        made.push_back(own(wanted_));
      } else if (other_ != nullptr) {
        made.emplace_back(static_cast<Exporter*>(other_->make_exporter(environment_, number)));
      }
    }
    std::erase(made, nullptr);
    return made;
  }

 private:
  const telemetry::settings& wanted_;
  const char* const* environment_;
  const lineshaft_telemetry_plugin* other_;
};

void start_traces(providers& all, std::vector<std::unique_ptr<span_exporter>> exporters,
                  const telemetry::settings& wanted, const sdk::resource::Resource& resource) {
  std::vector<std::unique_ptr<sdk::trace::SpanProcessor>> processors;
  for (auto& one : exporters)
    processors.push_back(batching(bounded(std::move(one), wanted.span_limits), wanted.span_batches));
  auto made = sdk::trace::TracerProviderFactory::Create(std::move(processors), resource, make_sampler(wanted));
  all.sdk_traces = made.get();
  all.traces = otel::nostd::shared_ptr<otel::trace::TracerProvider>(made.release());
  otel::trace::Provider::SetTracerProvider(all.traces);
}

// The SDK's own buckets are those of milliseconds: nothing that takes less than 5 s would be told apart.
std::unique_ptr<sdk::metrics::ViewRegistry> buckets_for_seconds() {
  auto views = sdk::metrics::ViewRegistryFactory::Create();
  auto buckets = std::make_shared<sdk::metrics::HistogramAggregationConfig>();
  buckets->boundaries_ = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60};
  views->AddView(
      sdk::metrics::InstrumentSelectorFactory::Create(sdk::metrics::InstrumentType::kHistogram, "*", "s"),
      sdk::metrics::MeterSelectorFactory::Create("lineshaft", "", ""),
      sdk::metrics::ViewFactory::Create("", "", "", sdk::metrics::AggregationType::kHistogram, std::move(buckets)));
  return views;
}

void start_metrics(providers& all, std::vector<std::unique_ptr<metric_exporter>> exporters,
                   const telemetry::settings& wanted, const sdk::resource::Resource& resource) {
  auto made = sdk::metrics::MeterProviderFactory::Create(buckets_for_seconds(), resource);
  sdk::metrics::PeriodicExportingMetricReaderOptions options;
  options.export_interval_millis = wanted.metric_interval;
  options.export_timeout_millis = wanted.metric_timeout;
  for (auto& one : exporters) {
    made->AddMetricReader(sdk::metrics::PeriodicExportingMetricReaderFactory::Create(bounded(std::move(one)), options));
  }
  all.sdk_metrics = made.get();
  all.metrics = otel::nostd::shared_ptr<otel::metrics::MeterProvider>(made.release());
  otel::metrics::Provider::SetMeterProvider(all.metrics);
}

void start_logs(providers& all, std::vector<std::unique_ptr<log_exporter>> exporters, const telemetry::settings& wanted,
                const sdk::resource::Resource& resource) {
  std::vector<std::unique_ptr<sdk::logs::LogRecordProcessor>> processors;
  for (auto& one : exporters)
    processors.push_back(batching(bounded(std::move(one), wanted.log_limits), wanted.log_batches));
  auto made = sdk::logs::LoggerProviderFactory::Create(std::move(processors), resource);
  all.sdk_logs = made.get();
  all.logs = otel::nostd::shared_ptr<otel::logs::LoggerProvider>(made.release());
  otel::logs::Provider::SetLoggerProvider(all.logs);
}

// Nothing is destroyed, and nothing is allocated: this runs in the child of a fork() too, where the SDK's threads are
// gone, and its destructors would wait for them for ever.
void put_nothing_in_their_place() {
  if (the_providers == nullptr) return;
  otel::trace::Provider::SetTracerProvider(the_providers->no_traces);
  otel::metrics::Provider::SetMeterProvider(the_providers->no_metrics);
  otel::logs::Provider::SetLoggerProvider(the_providers->no_logs);
}

// The ends of the signals, each on a thread of its own. Nobody may be there any more when the last of them comes.
struct ending {
  std::mutex mutex;
  std::condition_variable done;
  int running = 0;
  bool metrics_ended = false;
};

template <class End>
void end_in_parallel(ending& all, End end) {
  {
    const std::scoped_lock lock(all.mutex);
    ++all.running;
  }
  std::thread([&all, end] {
    end();
    // Told under the lock: who waits may then forget it at once.
    const std::scoped_lock lock(all.mutex);
    --all.running;
    all.done.notify_all();
  }).detach();
}

std::uint64_t missing(std::uint64_t recorded, std::uint64_t delivered) {
  return recorded > delivered ? recorded - delivered : 0;
}

}  // namespace

bool start(const telemetry::settings& wanted, const char* const* environment, const lineshaft_telemetry_host& host,
           const lineshaft_telemetry_plugin* other) {
  if (the_providers != nullptr) return false;
  const all_signals_blocked blocked;
  route_internal_log(host, wanted.level);
  auto& all = *new providers;
  all.no_traces = decltype(all.no_traces)(new otel::trace::NoopTracerProvider);
  all.no_metrics = decltype(all.no_metrics)(new otel::metrics::NoopMeterProvider);
  all.no_logs = decltype(all.no_logs)(new otel::logs::NoopLoggerProvider);
  the_providers = &all;
  const auto resource = resource_of(wanted, environment);
  auto spans = exporters_of<span_exporter>(wanted, environment, other)
                   .all(wanted.traces, 0, make_span_exporter, console_span_exporter);
  auto metrics = exporters_of<metric_exporter>(wanted, environment, other)
                     .all(wanted.metrics, 1, make_metric_exporter, console_metric_exporter);
  auto logs = exporters_of<log_exporter>(wanted, environment, other)
                  .all(wanted.logs, 2, make_log_exporter, console_log_exporter);
  if (!spans.empty()) start_traces(all, std::move(spans), wanted, resource);
  if (!metrics.empty()) start_metrics(all, std::move(metrics), wanted, resource);
  if (!logs.empty()) start_logs(all, std::move(logs), wanted, resource);
  ::pthread_atfork(nullptr, nullptr, put_nothing_in_their_place);
  return true;
}

lineshaft_telemetry_undelivered finish(std::chrono::milliseconds budget) {
  auto& account = the_account();
  if (the_providers == nullptr) return {};
  const auto& all = *the_providers;
  const auto deadline = account::clock::now() + budget;
  account.deadline = deadline.time_since_epoch().count();
  put_nothing_in_their_place();
  const all_signals_blocked blocked;
  auto& threads = *new ending;
  if (all.sdk_traces != nullptr) end_in_parallel(threads, [&all] { all.sdk_traces->Shutdown(); });
  if (all.sdk_metrics != nullptr) {
    end_in_parallel(threads, [&all, &threads] {
      // Shutdown() makes no last collection (opentelemetry-cpp 1.19).
      all.sdk_metrics->ForceFlush();
      all.sdk_metrics->Shutdown();
      const std::scoped_lock lock(threads.mutex);
      threads.metrics_ended = true;
    });
  }
  if (all.sdk_logs != nullptr) end_in_parallel(threads, [&all] { all.sdk_logs->Shutdown(); });
  std::unique_lock lock(threads.mutex);
  (void)threads.done.wait_until(lock, deadline, [&threads] { return threads.running == 0; });
  const bool metrics_hang = all.sdk_metrics != nullptr && !threads.metrics_ended;
  return {missing(account.spans_recorded, account.spans_delivered),
          missing(account.logs_recorded, account.logs_delivered),
          account.metric_exports_failed + (metrics_hang ? 1U : 0U)};
}

}  // namespace lineshaft::otlp
