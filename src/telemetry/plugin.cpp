#include "telemetry/plugin.hpp"

#include <algorithm>
#include <array>
#include <format>
#include <map>
#include <string>

#include "base/plugin.hpp"

namespace lineshaft::telemetry {

namespace {

// What the fork server has opened need not be looked for by each of its clones.
const lineshaft_telemetry_plugin*& known(const std::string& name) {
  static auto& opened = *new std::map<std::string, const lineshaft_telemetry_plugin*>;
  return opened[name];
}

result<const lineshaft_telemetry_plugin*> open_plugin(const std::string& name) {
  if (const auto* opened = known(name)) return opened;
  const auto entry = plugin_symbol(name, lineshaft_telemetry_symbol);
  if (!entry) return std::unexpected(entry.error());
  const auto* plugin = reinterpret_cast<lineshaft_telemetry_entry*>(*entry)();
  if (plugin->version == lineshaft_telemetry_version) return known(name) = plugin;
  return fail(std::format("cannot open the plug-in '{}': it has version {} of the interface, this program has {}", name,
                          plugin->version, lineshaft_telemetry_version));
}

bool any_otlp(const settings& wanted, bool over_grpc) {
  return std::ranges::any_of(std::array{&wanted.traces, &wanted.metrics, &wanted.logs}, [&](const auto* signal) {
    return std::ranges::contains(signal->exporters, exporter::otlp) &&
           (signal->otlp.over == protocol::grpc) == over_grpc;
  });
}

}  // namespace

result<opened_plugins> open_plugins(const settings& wanted) {
  opened_plugins opened;
  const bool grpc = any_otlp(wanted, true), http = any_otlp(wanted, false);
  const auto first = open_plugin(grpc && !http ? "lineshaft-otlp-grpc.so" : "lineshaft-otlp-http.so");
  if (!first) return std::unexpected(first.error());
  opened.first = *first;
  if (!grpc || !http) return opened;
  const auto other = open_plugin("lineshaft-otlp-grpc.so");
  if (!other) return std::unexpected(other.error());
  opened.other = *other;
  return opened;
}

}  // namespace lineshaft::telemetry
