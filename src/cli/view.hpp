#pragma once
// The live view of a running pipeline: lineshaft-top.so, in a process of its own.
#include <chrono>

#include "cli/invocation.hpp"

namespace lineshaft::cli {

inline constexpr std::chrono::milliseconds usual_interval = std::chrono::milliseconds(500);
/// Twenty looks a second: more of them nobody sees, and the manager has to answer each.
inline constexpr std::chrono::milliseconds shortest_interval = std::chrono::milliseconds(50);

/// Whether there is a terminal; if not, it has been said.
bool can_view(const invocation& with);

/// Returns when somebody has left it; gives the exit code. The terminal is then as it was, however the view has ended.
int view(const invocation& with, std::chrono::milliseconds interval);

}  // namespace lineshaft::cli
