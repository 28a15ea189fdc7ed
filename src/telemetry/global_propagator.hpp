#pragma once
// OpenTelemetry's global propagator, for what a program itself sends and receives.
#include <vector>

#include "telemetry/settings.hpp"

namespace lineshaft::telemetry {

/// Those of the W3C are ours (ADR 21, 22); of an empty list nothing is carried.
void set_global_propagator(const std::vector<propagator>& wanted);

}  // namespace lineshaft::telemetry
