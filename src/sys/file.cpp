#include "sys/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "sys/error.hpp"
#include "sys/fault.hpp"

namespace lineshaft::sys {

result<unique_fd> openat(int folder, const std::string& name, int flags, mode_t mode) {
  if (auto ec = injected("openat")) return fail(ec, "cannot open '" + name + "'");
  const int fd = ::openat(folder, name.c_str(), flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, mode);
  if (fd < 0) return fail(last_error(), "cannot open '" + name + "'");
  return unique_fd{fd};
}

result<> renameat(int folder, const std::string& from, const std::string& to) {
  if (auto ec = injected("renameat")) return fail(ec, "cannot rename '" + from + "'");
  if (::renameat(folder, from.c_str(), folder, to.c_str()) < 0)
    return fail(last_error(), "cannot rename '" + from + "'");
  return {};
}

result<> unlinkat(int folder, const std::string& name) {
  if (auto ec = injected("unlinkat")) return fail(ec, "cannot remove '" + name + "'");
  if (::unlinkat(folder, name.c_str(), 0) < 0) return fail(last_error(), "cannot remove '" + name + "'");
  return {};
}

result<> check_writable(int folder) {
  if (::faccessat(folder, ".", W_OK | X_OK, AT_EACCESS) < 0) return fail(last_error(), "cannot write to a directory");
  return {};
}

result<file_facts> facts_of(int fd) {
  struct statx about{};
  if (::statx(fd, "", AT_EMPTY_PATH, STATX_TYPE | STATX_SIZE | STATX_INO | STATX_BTIME, &about) < 0)
    return fail(last_error(), "cannot look at a file");
  file_facts facts{S_ISREG(about.stx_mode), about.stx_size, about.stx_ino, std::chrono::system_clock::now()};
  if ((about.stx_mask & STATX_BTIME) != 0) {
    const auto since = std::chrono::seconds(about.stx_btime.tv_sec) + std::chrono::nanoseconds(about.stx_btime.tv_nsec);
    facts.born = std::chrono::system_clock::time_point(since);
  }
  return facts;
}

result<std::size_t> pread(int fd, std::span<char> into, std::uint64_t offset) {
  const auto count = ::pread(fd, into.data(), into.size(), static_cast<off_t>(offset));
  if (count < 0) return fail(last_error(), "cannot read");
  return static_cast<std::size_t>(count);
}

result<> ftruncate(int fd, std::uint64_t size) {
  if (::ftruncate(fd, static_cast<off_t>(size)) < 0) return fail(last_error(), "cannot cut a file");
  return {};
}

result<std::size_t> writev(int fd, std::span<const std::string_view> parts) {
  if (auto ec = injected("writev")) return fail(ec, "cannot write");
  std::array<iovec, 64> vector;
  const auto count = std::min(parts.size(), vector.size());
  for (std::size_t index = 0; index < count; ++index)
    vector[index] = {const_cast<char*>(parts[index].data()), parts[index].size()};
  for (;;) {
    const auto written = ::writev(fd, vector.data(), static_cast<int>(count));
    if (written >= 0) return static_cast<std::size_t>(written);
    if (errno != EINTR) return fail(last_error(), "cannot write");
  }
}

std::error_code read_to_end(int fd, std::size_t most, std::string& into) {
  while (into.size() < most) {
    char part[4096];
    const auto size = ::pread(fd, part, sizeof part, static_cast<off_t>(into.size()));
    if (size < 0) return last_error();
    if (size == 0) break;
    into.append(part, static_cast<std::size_t>(size));
  }
  return {};
}

}  // namespace lineshaft::sys
