#include "telemetry/exporting.hpp"

#include <opentelemetry/trace/noop.h>
#include <opentelemetry/trace/provider.h>

#include <algorithm>
#include <typeinfo>
#include <utility>

#include "telemetry/global_propagator.hpp"
#include "telemetry/instruments.hpp"
#include "telemetry/plugin.hpp"

namespace lineshaft::telemetry {

namespace {

// Of this process. Written before the SDK has a thread.
struct state {
  const lineshaft_telemetry_plugin* plugin = nullptr;
  std::chrono::milliseconds shutdown_timeout{};
  log_sink log = nullptr;
  std::atomic<std::uint64_t> own_counts[5];
  lineshaft_telemetry_host host{};
  std::atomic<void (*)()> after_collection = nullptr;
};

// Never destroyed: a thread of the SDK that hangs may outlive main().
state& the_state() {
  static auto& one = *new state;
  return one;
}

void log_line(void* self, int level, const char* text) {
  static_cast<state*>(self)->log(static_cast<log_level>(level), text);
}

void collected(void* self) {
  if (const auto then = static_cast<state*>(self)->after_collection.load()) then();
}

std::uint64_t missing(std::uint64_t recorded, std::uint64_t delivered) {
  return recorded > delivered ? recorded - delivered : 0;
}

}  // namespace

void open_for_clones(const char* const* environment) {
  if (!may_be_wanted(environment)) return;
  const auto parsed = parse_settings(environment);
  // A problem is told by each process that wants to use it.
  if (parsed.values.wanted()) (void)open_plugins(parsed.values);
}

void after_each_collection(void (*then)()) { the_state().after_collection = then; }

bool exporting() { return the_state().plugin != nullptr; }

bool tracing() {
  if (exporting()) return true;
  const auto provider = opentelemetry::trace::Provider::GetTracerProvider();
  return typeid(*provider) != typeid(opentelemetry::trace::NoopTracerProvider);
}

bool start_exporting(const char* const* environment, bad_values told, log_sink log) {
  return start_exporting(environment, told, log, the_state().own_counts);
}

bool start_exporting(const char* const* environment, bad_values told, log_sink log, telemetry_cells counts) {
  if (!any_variable(environment)) {
    set_global_propagator(settings().propagators);
    return false;
  }
  const auto parsed = parse_settings(environment);
  const auto& wanted = parsed.values;
  if (tracing()) return false;
  set_global_propagator(wanted.propagators);
  if (told == bad_values::told_here && wanted.level >= log_level::warn) {
    for (const auto& warning : parsed.warnings) log(log_level::warn, warning);
  }
  if (!wanted.wanted()) return false;
  const auto plugins = open_plugins(wanted);
  if (!plugins) {
    if (wanted.level >= log_level::error) log(log_level::error, "no telemetry: " + plugins.error().message());
    return false;
  }
  auto& own = the_state();
  for (auto& one : counts) one = 0;
  own.shutdown_timeout = wanted.shutdown_timeout;
  own.log = log;
  own.host = {&own, log_line, {&counts[0], &counts[1], &counts[2], &counts[3], &counts[4]}, collected};
  if (plugins->first->start(environment, &own.host, plugins->other) != 0) return false;
  forget_instruments();
  own.plugin = plugins->first;
  return true;
}

undelivered finish_exporting(std::chrono::steady_clock::time_point deadline) {
  using std::chrono::milliseconds;
  const auto* plugin = std::exchange(the_state().plugin, nullptr);
  if (plugin == nullptr) return {};
  const auto left = std::chrono::floor<milliseconds>(deadline - std::chrono::steady_clock::now());
  const auto budget = std::clamp(left, milliseconds(0), the_state().shutdown_timeout);
  plugin->finish(static_cast<std::uint64_t>(budget.count()));
  const auto& counted = the_state().host.counts;
  return {missing(*counted.spans_recorded, *counted.spans_delivered),
          missing(*counted.log_records_recorded, *counted.log_records_delivered), *counted.metric_exports_failed};
}

}  // namespace lineshaft::telemetry
