#pragma once
// File descriptors: open, duplicate, close in bulk. Names and meanings of the man pages.
#include <span>

#include "lineshaft/error.hpp"
#include "lineshaft/unique_fd.hpp"

namespace lineshaft::sys {

/// open(2), close-on-exec.
result<unique_fd> open(const char* path, int flags);
/// fcntl(2) F_DUPFD_CLOEXEC: a second descriptor of the same thing.
result<unique_fd> duplicate(int fd);
/// dup2(2): `fd` becomes `as` too, which is not close-on-exec.
result<> dup2(int fd, int as);
/// fcntl(2) FD_CLOEXEC.
void close_on_exec(int fd) noexcept;
/// /dev/null as standard input, and as standard output and error where these are closed: else the next thing
/// that is opened would become one of them.
result<> secure_standard_descriptors();
/// close_range(2) over everything but `kept`, which is sorted in place. Async-signal-safe.
void close_all_except(std::span<int> kept) noexcept;

}  // namespace lineshaft::sys
