// In the place of a plug-in with the SDK: says how long it is given for the end. STAND_IN=older has another version of
// the interface, STAND_IN=failing does not start.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "telemetry/plugin_interface.hpp"
#include "telemetry/settings.hpp"

namespace {

bool is(std::string_view what) {
  const char* wanted = std::getenv("STAND_IN");
  return wanted != nullptr && wanted == what;
}

int start(const char* const*, const lineshaft_telemetry_host* host, const lineshaft_telemetry_plugin*) {
  if (!is("failing")) return 0;
  host->log(host->self, static_cast<int>(lineshaft::telemetry::log_level::error), "failing on purpose");
  return -1;
}

void finish(std::uint64_t milliseconds) {
  std::fprintf(stderr, "%d ends within %llu ms\n", ::getpid(), static_cast<unsigned long long>(milliseconds));
}

void* make_exporter(const char* const*, int) { return nullptr; }

constexpr lineshaft_telemetry_plugin plugin = {lineshaft_telemetry_version, start, finish, make_exporter};
constexpr lineshaft_telemetry_plugin older = {lineshaft_telemetry_version - 1, nullptr, nullptr, nullptr};

}  // namespace

extern "C" const lineshaft_telemetry_plugin* lineshaft_telemetry() { return is("older") ? &older : &plugin; }
