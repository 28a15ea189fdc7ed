#pragma once
#include <chrono>

#include "lineshaft/status.hpp"

namespace lineshaft::status {

/// When the loop last began or ended a handler, and which of the two.
struct beat_reading {
  std::chrono::steady_clock::time_point last{};  ///< never: the clock's beginning
  loop_state loop = loop_state::none;
};

}  // namespace lineshaft::status
