#include "telemetry/instruments.hpp"

#include <opentelemetry/context/context.h>
#include <opentelemetry/metrics/meter.h>
#include <opentelemetry/metrics/meter_provider.h>
#include <opentelemetry/metrics/observer_result.h>
#include <opentelemetry/metrics/provider.h>
#include <opentelemetry/metrics/sync_instruments.h>

#include <memory>
#include <mutex>

#include "telemetry/exporting.hpp"

namespace lineshaft::telemetry {

namespace otel = opentelemetry;

namespace {

using otel::nostd::string_view;

// Never destroyed: the SDK's threads may outlive main(), and call the observers.
struct kept {
  std::mutex mutex;
  std::map<const char*, otel::nostd::unique_ptr<otel::metrics::Counter<std::uint64_t>>> counters;
  std::map<const char*, otel::nostd::unique_ptr<otel::metrics::Histogram<double>>> histograms;
  std::vector<otel::nostd::shared_ptr<otel::metrics::ObservableInstrument>> observers;
  std::vector<std::unique_ptr<std::function<double()>>> readers;
};

kept& all() {
  static auto& one = *new kept;
  return one;
}

auto meter() { return otel::metrics::Provider::GetMeterProvider()->GetMeter("lineshaft"); }

void read_one(otel::metrics::ObserverResult result, void* read) {
  using doubles = otel::nostd::shared_ptr<otel::metrics::ObserverResultT<double>>;
  if (const auto* into = otel::nostd::get_if<doubles>(&result))
    (*into)->Observe((*static_cast<std::function<double()>*>(read))());
}

}  // namespace

void count(const instrument& what, std::uint64_t more, const attribute_map& attributes) {
  if (!exporting()) return;
  auto& known = all();
  const std::scoped_lock lock(known.mutex);
  auto& counter = known.counters[what.name];
  if (!counter) counter = meter()->CreateUInt64Counter(what.name, what.meaning, what.unit);
  counter->Add(more, attributes, otel::context::Context());
}

void measure(const instrument& what, double seconds, const attribute_map& attributes) {
  if (!exporting()) return;
  auto& known = all();
  const std::scoped_lock lock(known.mutex);
  auto& histogram = known.histograms[what.name];
  if (!histogram) histogram = meter()->CreateDoubleHistogram(what.name, what.meaning, what.unit);
  histogram->Record(seconds, attributes, otel::context::Context());
}

void observe(const std::string& name, const std::string& meaning, observed kind, std::function<double()> read) {
  if (!exporting()) return;
  auto& known = all();
  const std::scoped_lock lock(known.mutex);
  known.readers.push_back(std::make_unique<std::function<double()>>(std::move(read)));
  known.observers.push_back(kind == observed::counter ? meter()->CreateDoubleObservableCounter(name, meaning)
                                                      : meter()->CreateDoubleObservableGauge(name, meaning));
  known.observers.back()->AddCallback(read_one, known.readers.back().get());
}

}  // namespace lineshaft::telemetry
