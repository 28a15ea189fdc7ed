#pragma once
#include <algorithm>
#include <chrono>

namespace lineshaft::runtime {

/// How long a worker whose manager has died may take to stop (ADR 4).
inline constexpr std::chrono::milliseconds orphan_grace = std::chrono::seconds(2);

/// What telemetry may take of the time that is left until the process is killed: the rest is for leaving, and no more
/// than half of it.
constexpr std::chrono::nanoseconds time_for_telemetry(std::chrono::nanoseconds left) {
  return left - std::min<std::chrono::nanoseconds>(std::chrono::milliseconds(100), left / 2);
}

}  // namespace lineshaft::runtime
