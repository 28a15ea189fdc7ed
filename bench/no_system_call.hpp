#pragma once
// Whether something makes no system call at all.
#include <functional>

namespace bench {

/// Runs `work` on a thread of its own, once to warm up and then then where the kernel ends the
/// thread at its first system call. True if it came through.
bool makes_no_system_call(const std::function<void()>& work);

}  // namespace bench
