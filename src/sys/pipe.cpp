#include "sys/pipe.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>

#include "sys/error.hpp"
#include "sys/fault.hpp"

namespace lineshaft::sys {

result<pipe_ends> pipe() {
  if (auto ec = injected("pipe2")) return fail(ec, "cannot make a pipe");
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) < 0) return fail(last_error(), "cannot make a pipe");
  pipe_ends made{unique_fd(ends[0]), unique_fd(ends[1])};
  if (::fcntl(ends[0], F_SETFL, O_NONBLOCK) < 0) return fail(last_error(), "cannot make a pipe non-blocking");
  return made;
}

std::size_t pipe_capacity(int fd) noexcept { return static_cast<std::size_t>(std::max(::fcntl(fd, F_GETPIPE_SZ), 0)); }

void set_pipe_capacity(int fd, std::size_t bytes) noexcept { ::fcntl(fd, F_SETPIPE_SZ, static_cast<int>(bytes)); }

result<std::size_t> read(int fd, std::span<char> into) {
  for (;;) {
    const auto count = ::read(fd, into.data(), into.size());
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno != EINTR) return fail(last_error(), "cannot read");
  }
}

result<> write(int fd, std::string_view text) {
  while (!text.empty()) {
    const auto count = ::write(fd, text.data(), text.size());
    if (count >= 0) {
      text.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno == EAGAIN) {
      pollfd room{fd, POLLOUT, 0};
      ::poll(&room, 1, -1);
    } else if (errno != EINTR) {
      return fail(last_error(), "cannot write");
    }
  }
  return {};
}

result<unique_fd> eventfd() {
  if (auto ec = injected("eventfd")) return fail(ec, "cannot make an eventfd");
  const int fd = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (fd < 0) return fail(last_error(), "cannot make an eventfd");
  return unique_fd{fd};
}

void signal_event(int fd) noexcept {
  const std::uint64_t one = 1;
  // It fails only where it is readable already.
  [[maybe_unused]] const auto written = ::write(fd, &one, sizeof one);
}

void clear_event(int fd) noexcept {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto got = ::read(fd, &count, sizeof count);
}

}  // namespace lineshaft::sys
