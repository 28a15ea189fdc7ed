#include "telemetry/instruments.hpp"

#include <opentelemetry/context/context.h>
#include <opentelemetry/metrics/meter.h>
#include <opentelemetry/metrics/meter_provider.h>
#include <opentelemetry/metrics/observer_result.h>
#include <opentelemetry/metrics/provider.h>
#include <opentelemetry/metrics/sync_instruments.h>

#include <memory>
#include <mutex>
#include <utility>

#include "telemetry/exporting.hpp"

namespace lineshaft::telemetry {

namespace otel = opentelemetry;

namespace {

using reader = std::function<std::vector<reading>()>;

// Never destroyed: the SDK's threads may outlive main(), and call the observers. What is read at each collection has a
// mutex of its own: who adds to it waits for a collection that goes on, and who counts must not wait for them both.
struct kept {
  std::mutex mutex, observing;
  // Asked for once: the SDK finds no meter while it collects.
  otel::nostd::shared_ptr<otel::metrics::Meter> meter =
      otel::metrics::Provider::GetMeterProvider()->GetMeter("lineshaft");
  std::map<std::string, otel::nostd::unique_ptr<otel::metrics::Counter<std::uint64_t>>> counters;
  std::map<std::string, otel::nostd::unique_ptr<otel::metrics::Histogram<double>>> histograms;
  std::vector<otel::nostd::shared_ptr<otel::metrics::ObservableInstrument>> observers;
  std::vector<std::unique_ptr<reader>> readers;
  kept* before = nullptr;
};

struct all_kept {
  std::mutex mutex;
  kept* now = nullptr;
  kept* former = nullptr;
};

all_kept& everything() {
  static auto& one = *new all_kept;
  return one;
}

kept& all() {
  const std::scoped_lock lock(everything().mutex);
  if (everything().now == nullptr) everything().now = new kept;
  return *everything().now;
}

void read_all(otel::metrics::ObserverResult result, void* read) {
  using doubles = otel::nostd::shared_ptr<otel::metrics::ObserverResultT<double>>;
  const auto* into = otel::nostd::get_if<doubles>(&result);
  if (into == nullptr) return;
  for (const auto& [attributes, value] : (*static_cast<reader*>(read))()) (*into)->Observe(value, attributes);
}

auto make_observable(otel::metrics::Meter& meter, const instrument& what, observed kind) {
  switch (kind) {
    case observed::counter: return meter.CreateDoubleObservableCounter(what.name, what.meaning, what.unit);
    case observed::up_down_counter:
      return meter.CreateDoubleObservableUpDownCounter(what.name, what.meaning, what.unit);
    case observed::gauge: break;
  }
  return meter.CreateDoubleObservableGauge(what.name, what.meaning, what.unit);
}

}  // namespace

void count(const instrument& what, std::uint64_t more, const label_map& attributes) {
  if (!exporting()) return;
  auto& known = all();
  const std::scoped_lock lock(known.mutex);
  auto& counter = known.counters[what.name];
  if (!counter) counter = known.meter->CreateUInt64Counter(what.name, what.meaning, what.unit);
  counter->Add(more, attributes, otel::context::Context());
}

void measure(const instrument& what, double seconds, const label_map& attributes) {
  if (!exporting()) return;
  auto& known = all();
  const std::scoped_lock lock(known.mutex);
  auto& histogram = known.histograms[what.name];
  if (!histogram) histogram = known.meter->CreateDoubleHistogram(what.name, what.meaning, what.unit);
  histogram->Record(seconds, attributes, otel::context::Context());
}

void observe(const instrument& what, observed kind, reader read) {
  if (!exporting()) return;
  auto& known = all();
  const std::scoped_lock lock(known.observing);
  known.readers.push_back(std::make_unique<reader>(std::move(read)));
  known.observers.push_back(make_observable(*known.meter, what, kind));
  known.observers.back()->AddCallback(read_all, known.readers.back().get());
}

void forget_instruments() {
  auto& all = everything();
  const std::scoped_lock lock(all.mutex);
  if (auto* ended = std::exchange(all.now, nullptr)) ended->before = std::exchange(all.former, ended);
}

}  // namespace lineshaft::telemetry
