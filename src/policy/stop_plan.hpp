#pragma once
// How the levels of a stop share one budget. Pure.
#include <chrono>

#include "policy/moments.hpp"

namespace lineshaft::policy {

/// Until when the level whose turn it is `now` may take of a budget that ends at `end`: its own time, if that of the
/// later levels fits in too, else its part in proportion, so that a level that hangs does not take the time of those
/// after it. The last level may take everything.
time_point level_deadline(time_point now, time_point end, std::chrono::milliseconds own,
                          std::chrono::milliseconds later);

}  // namespace lineshaft::policy
