#include "providers.hpp"

#include <opentelemetry/sdk/logs/logger_provider_factory.h>
#include <opentelemetry/sdk/metrics/aggregation/aggregation_config.h>
#include <opentelemetry/sdk/metrics/export/periodic_exporting_metric_reader_factory.h>
#include <opentelemetry/sdk/metrics/export/periodic_exporting_metric_reader_options.h>
#include <opentelemetry/sdk/metrics/meter_provider_factory.h>
#include <opentelemetry/sdk/metrics/view/instrument_selector_factory.h>
#include <opentelemetry/sdk/metrics/view/meter_selector_factory.h>
#include <opentelemetry/sdk/metrics/view/view_factory.h>
#include <opentelemetry/sdk/metrics/view/view_registry_factory.h>
#include <opentelemetry/sdk/trace/samplers/always_off_factory.h>
#include <opentelemetry/sdk/trace/samplers/always_on_factory.h>
#include <opentelemetry/sdk/trace/samplers/parent_factory.h>
#include <opentelemetry/sdk/trace/samplers/trace_id_ratio_factory.h>
#include <opentelemetry/sdk/trace/tracer_provider_factory.h>

#include <utility>
#include <vector>

#include "bounded_exporters.hpp"
#include "console.hpp"
#include "counting_processors.hpp"
#include "resource.hpp"

namespace lineshaft::otlp {

namespace {

namespace sdk = opentelemetry::sdk;
using telemetry::exporter;

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
std::vector<std::unique_ptr<Exporter>> exporters_of(const wishes& from, const telemetry::signal_settings& signal,
                                                    int number,
                                                    std::unique_ptr<Exporter> (*own)(const telemetry::settings&),
                                                    std::unique_ptr<Exporter> (*console)()) {
  std::vector<std::unique_ptr<Exporter>> made;
  for (const auto kind : signal.exporters) {
    if (kind == exporter::console) {
      made.push_back(console());
    } else if (speaks(signal.otlp.over)) {
      made.push_back(own(from.settings));
    } else if (from.other != nullptr) {
      made.emplace_back(static_cast<Exporter*>(from.other->make_exporter(from.environment, number)));
    }
  }
  std::erase(made, nullptr);
  return made;
}

sdk::resource::Resource resource_of_process(const wishes& from) { return resource_of(from.settings, from.environment); }

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

}  // namespace

std::unique_ptr<sdk::trace::TracerProvider> make_traces(const wishes& from) {
  const auto& wanted = from.settings;
  std::vector<std::unique_ptr<sdk::trace::SpanProcessor>> processors;
  for (auto& one : exporters_of(from, wanted.traces, 0, make_span_exporter, console_span_exporter))
    processors.push_back(batching(bounded(std::move(one), wanted.span_limits), wanted.span_batches));
  if (processors.empty()) return nullptr;
  return sdk::trace::TracerProviderFactory::Create(std::move(processors), resource_of_process(from),
                                                   make_sampler(wanted));
}

std::unique_ptr<sdk::metrics::MeterProvider> make_metrics(const wishes& from) {
  const auto& wanted = from.settings;
  auto exporters = exporters_of(from, wanted.metrics, 1, make_metric_exporter, console_metric_exporter);
  if (exporters.empty()) return nullptr;
  auto made = sdk::metrics::MeterProviderFactory::Create(buckets_for_seconds(), resource_of_process(from));
  sdk::metrics::PeriodicExportingMetricReaderOptions options;
  options.export_interval_millis = wanted.metric_interval;
  options.export_timeout_millis = wanted.metric_timeout;
  for (auto& one : exporters) {
    made->AddMetricReader(sdk::metrics::PeriodicExportingMetricReaderFactory::Create(bounded(std::move(one)), options));
  }
  return made;
}

std::unique_ptr<sdk::logs::LoggerProvider> make_logs(const wishes& from) {
  const auto& wanted = from.settings;
  std::vector<std::unique_ptr<sdk::logs::LogRecordProcessor>> processors;
  for (auto& one : exporters_of(from, wanted.logs, 2, make_log_exporter, console_log_exporter))
    processors.push_back(batching(bounded(std::move(one), wanted.log_limits), wanted.log_batches));
  if (processors.empty()) return nullptr;
  return sdk::logs::LoggerProviderFactory::Create(std::move(processors), resource_of_process(from));
}

}  // namespace lineshaft::otlp
