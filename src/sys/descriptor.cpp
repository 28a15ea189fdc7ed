#include "sys/descriptor.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <limits>

#include "sys/error.hpp"
#include "sys/fault.hpp"

namespace lineshaft::sys {

result<unique_fd> open(const char* path, int flags) {
  if (auto ec = injected("open")) return fail(ec, std::string("cannot open '") + path + "'");
  const int fd = ::open(path, flags | O_CLOEXEC);
  if (fd < 0) return fail(last_error(), std::string("cannot open '") + path + "'");
  return unique_fd{fd};
}

result<unique_fd> duplicate(int fd) {
  if (auto ec = injected("dup")) return fail(ec, "cannot duplicate a descriptor");
  const int copy = ::fcntl(fd, F_DUPFD_CLOEXEC, 0);
  if (copy < 0) return fail(last_error(), "cannot duplicate a descriptor");
  return unique_fd{copy};
}

result<> dup2(int fd, int as) {
  if (auto ec = injected("dup2")) return fail(ec, "cannot place descriptor " + std::to_string(as));
  if (::dup2(fd, as) < 0) return fail(last_error(), "cannot place descriptor " + std::to_string(as));
  return {};
}

void close_on_exec(int fd) noexcept { ::fcntl(fd, F_SETFD, FD_CLOEXEC); }

result<> secure_standard_descriptors() {
  for (const int fd : {0, 1, 2}) {
    if (fd != 0 && ::fcntl(fd, F_GETFD) >= 0) continue;
    auto null = open("/dev/null", O_RDWR);
    if (!null) return std::unexpected(null.error());
    if (null->get() != fd) {
      if (auto placed = dup2(null->get(), fd); !placed) return placed;
    } else {
      ::fcntl(null->release(), F_SETFD, 0);  // the lowest free number was the one wanted
    }
  }
  return {};
}

void close_all_except(std::span<int> kept) noexcept {
  std::ranges::sort(kept);
  unsigned from = 0;
  for (const int fd : kept) {
    if (fd < 0) continue;
    const auto number = static_cast<unsigned>(fd);
    if (number > from) ::close_range(from, number - 1, 0);
    from = number + 1;
  }
  ::close_range(from, std::numeric_limits<unsigned>::max(), 0);
}

}  // namespace lineshaft::sys
