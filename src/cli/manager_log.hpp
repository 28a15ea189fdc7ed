#pragma once
// manager.log: what a manager behind `up` prints, in one file beside its socket. A long run does not fill the disk, or
// the memory that a run directory mostly is: the last part of the file is kept, and what is older goes.
#include <cstdint>
#include <functional>
#include <string>

#include "cli/run_directory.hpp"
#include "lineshaft/error.hpp"

namespace lineshaft::cli {

inline constexpr std::uint64_t kept_of_manager_log = 1024 * 1024;

std::string manager_log_of(const run_directory& where);

/// For who has written to standard output: keeps it bounded, if it is that file. Else empty.
std::function<void()> bound_of_manager_log(const run_directory& where);

/// Of a file that is appended to (O_RDWR, O_APPEND) and has more than twice as much: its last lines, in `bytes` at
/// most. What another process adds in that very moment may be lost with the older ones.
result<> keep_last_lines(int fd, std::uint64_t bytes);

}  // namespace lineshaft::cli
