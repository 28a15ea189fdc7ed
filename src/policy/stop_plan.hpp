#pragma once
// How the levels of a stop share one budget. Pure.
#include <chrono>
#include <vector>

#include "policy/moments.hpp"

namespace lineshaft::policy {

/// What the level whose turn it is may take of what is left: its own time, if that of the later levels fits in
/// too, else its part in proportion, so that a level that hangs does not take the time of those after it. The
/// last level may take everything.
std::chrono::milliseconds level_share(std::chrono::milliseconds left, std::chrono::milliseconds own,
                                      std::chrono::milliseconds later);

}  // namespace lineshaft::policy
