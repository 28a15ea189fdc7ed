#pragma once
// The SDK of this process: its providers in the place of the API's, from the beginning to one bounded end.
#include "telemetry/plugin_interface.hpp"
#include "telemetry/settings.hpp"

namespace lineshaft::otlp {

/// Once, and again after each end. Everything it makes is never destroyed: an export that hangs must not be waited for.
bool start(const telemetry::settings& wanted, const char* const* environment, const lineshaft_telemetry_host& host,
           const lineshaft_telemetry_plugin* other);
void finish(std::chrono::milliseconds budget);

}  // namespace lineshaft::otlp
