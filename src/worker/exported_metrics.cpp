#include "worker/exported_metrics.hpp"

#include <algorithm>
#include <bit>
#include <string>

#include "telemetry/instruments.hpp"

namespace lineshaft::runtime {
namespace {

using telemetry::observed;

void observe(const char* name, const char* meaning, const counter& what) {
  telemetry::observe(name, meaning, observed::counter, [&what] { return static_cast<double>(what.value()); });
}

void observe(const char* name, const char* meaning, const flag& what) {
  telemetry::observe(name, meaning, observed::gauge, [&what] { return what.value() ? 1.0 : 0.0; });
}

// A name as OpenTelemetry allows it.
std::string instrument_name(std::string_view declared) {
  std::string name = "lineshaft.worker." + std::string(declared);
  std::ranges::replace_if(
      name,
      [](char c) {
        const bool fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        return !fine && c != '_' && c != '.' && c != '-' && c != '/';
      },
      '_');
  return name;
}

double value_of(status::metric_kind kind, std::uint64_t cell) {
  return kind == status::metric_kind::gauge ? std::bit_cast<double>(cell) : static_cast<double>(cell);
}

}  // namespace

void export_metrics(const worker_metrics& metrics, status::block_writer& block) {
  observe("lineshaft.worker.processed", "inputs handled to their end", metrics.processed);
  observe("lineshaft.worker.errors", "failures without a counter of their own", metrics.errors);
  observe("lineshaft.worker.decoding_errors", "inputs that could not be read", metrics.decoding_errors);
  observe("lineshaft.worker.published", "outputs written", metrics.published);
  observe("lineshaft.worker.processing_errors", "inputs that were refused", metrics.processing_errors);
  observe("lineshaft.worker.restarts", "what the worker itself started anew", metrics.restarts);
  observe("lineshaft.worker.mdq_connected", "the queue it works on is there", metrics.mdq_connected);
  observe("lineshaft.worker.mdc_connected", "the cache it works on is there", metrics.mdc_connected);
  block.on_declared([](status::metric_kind kind, std::string_view name, std::string_view help,
                       const std::atomic<std::uint64_t>& cell) {
    telemetry::observe(instrument_name(name), std::string(help),
                       kind == status::metric_kind::counter ? observed::counter : observed::gauge,
                       [kind, &cell] { return value_of(kind, cell.load(std::memory_order_relaxed)); });
  });
}

}  // namespace lineshaft::runtime
