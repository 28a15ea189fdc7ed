#include "telemetry/plugin.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <format>
#include <string>

namespace lineshaft::telemetry {

namespace {

// By its bare name the dynamic linker looks for it: in LD_LIBRARY_PATH and in the program's RUNPATH.
std::string path_of(const std::string& name) {
  const char* folder = std::getenv("LINESHAFT_PLUGIN_DIR");
  return folder == nullptr || *folder == '\0' ? name : std::string(folder) + "/" + name;
}

result<const lineshaft_telemetry_plugin*> open_plugin(const std::string& name) {
  const auto cannot = "cannot open the plug-in '" + name + "': ";
  // Now: each clone of the fork server would otherwise resolve for itself, on pages of its own.
  void* library = ::dlopen(path_of(name).c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return fail(cannot + ::dlerror());
  const auto entry = reinterpret_cast<lineshaft_telemetry_entry*>(::dlsym(library, lineshaft_telemetry_symbol));
  if (entry == nullptr) return fail(cannot + "it is no plug-in of Lineshaft");
  const auto* plugin = entry();
  if (plugin->version == lineshaft_telemetry_version) return plugin;
  return fail(std::format("{}it has version {} of the interface, this program has {}", cannot, plugin->version,
                          lineshaft_telemetry_version));
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
