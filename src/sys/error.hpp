#pragma once
// errno as a value.
#include <system_error>

namespace lineshaft::sys {

/// The error of the system call that has just failed.
std::error_code last_error() noexcept;

}  // namespace lineshaft::sys
