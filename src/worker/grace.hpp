#pragma once
#include <chrono>

namespace lineshaft::runtime {

/// How long a worker whose manager has died may take to stop (ADR 4).
inline constexpr std::chrono::milliseconds orphan_grace = std::chrono::seconds(2);

}  // namespace lineshaft::runtime
