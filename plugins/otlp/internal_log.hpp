#pragma once
// What the SDK says of itself goes to the program's log, never to standard output.
#include "telemetry/plugin_interface.hpp"
#include "telemetry/settings.hpp"

namespace lineshaft::otlp {

void route_internal_log(const lineshaft_telemetry_host& host, telemetry::log_level level);

}  // namespace lineshaft::otlp
