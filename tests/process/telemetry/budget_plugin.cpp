// In the place of a plug-in with the SDK: says how long it is given for the end.
#include <unistd.h>

#include <cstdio>

#include "telemetry/plugin_interface.hpp"

namespace {

int start(const char* const*, const lineshaft_telemetry_host*, const lineshaft_telemetry_plugin*) { return 0; }

void finish(std::uint64_t milliseconds) {
  std::fprintf(stderr, "%d ends within %llu ms\n", ::getpid(), static_cast<unsigned long long>(milliseconds));
}

void* make_exporter(const char* const*, int) { return nullptr; }

constexpr lineshaft_telemetry_plugin plugin = {lineshaft_telemetry_version, start, finish, make_exporter};

}  // namespace

extern "C" const lineshaft_telemetry_plugin* lineshaft_telemetry() { return &plugin; }
