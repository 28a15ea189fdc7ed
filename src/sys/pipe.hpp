#pragma once
// What passes between two threads or processes as a byte stream or a nudge: pipe(7), eventfd(2).
#include <span>
#include <string_view>

#include "lineshaft/error.hpp"
#include "lineshaft/unique_fd.hpp"

namespace lineshaft::sys {

struct pipe_ends {
  unique_fd read;   ///< non-blocking
  unique_fd write;  ///< blocking: it is for a program that knows nothing of us
};

/// pipe2(2), close-on-exec.
result<pipe_ends> pipe();
/// F_GETPIPE_SZ, fcntl(2): how much it can hold at most.
std::size_t pipe_capacity(int fd) noexcept;
/// F_SETPIPE_SZ, fcntl(2): where the user's share of pipe memory allows it.
void set_pipe_capacity(int fd, std::size_t bytes) noexcept;
/// read(2), repeated on EINTR. 0 is the end.
result<std::size_t> read(int fd, std::span<char> into);
/// write(2), until all of it is written, however long that takes: where the descriptor does not block it waits, too.
result<> write(int fd, std::string_view text);

/// eventfd(2): readable once it was signalled, until it is cleared.
result<unique_fd> eventfd();
void signal_event(int fd) noexcept;
void clear_event(int fd) noexcept;

}  // namespace lineshaft::sys
