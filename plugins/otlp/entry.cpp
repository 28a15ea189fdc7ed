// The table of entries: the border between C and C++.
#include <exception>

#include "exporters.hpp"
#include "sdk.hpp"

using namespace lineshaft;

namespace {

// What a plug-in throws must not leave it.
int start(const char* const* environment, const lineshaft_telemetry_host* host,
          const lineshaft_telemetry_plugin* other) {
  try {
    return otlp::start(telemetry::parse_settings(environment).values, environment, *host, other) ? 0 : -1;
  } catch (const std::exception& problem) {
    host->log(host->self, static_cast<int>(telemetry::log_level::error), problem.what());
    return -1;
  }
}

void finish(std::uint64_t milliseconds) { otlp::finish(std::chrono::milliseconds(milliseconds)); }

void* make_exporter(const char* const* environment, int signal) {
  const auto wanted = telemetry::parse_settings(environment).values;
  switch (signal) {
    case 0: return otlp::make_span_exporter(wanted).release();
    case 1: return otlp::make_metric_exporter(wanted).release();
    case 2: return otlp::make_log_exporter(wanted).release();
    default: return nullptr;
  }
}

constexpr lineshaft_telemetry_plugin plugin = {lineshaft_telemetry_version, start, finish, make_exporter};

}  // namespace

extern "C" __attribute__((visibility("default"))) const lineshaft_telemetry_plugin* lineshaft_telemetry() {
  return &plugin;
}
