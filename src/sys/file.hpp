#pragma once
// Files in a folder that is held open, so that neither a rename of the folder nor chdir(2) leads elsewhere:
// openat(2), renameat(2), unlinkat(2), statx(2), ftruncate(2), writev(2).
#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "lineshaft/error.hpp"
#include "lineshaft/unique_fd.hpp"

namespace lineshaft::sys {

/// openat(2), close-on-exec, never through a symbolic link, never waiting for the other end of a FIFO.
result<unique_fd> openat(int folder, const std::string& name, int flags, mode_t mode = 0);
result<> renameat(int folder, const std::string& from, const std::string& to);
result<> unlinkat(int folder, const std::string& name);

/// Whether files can be made and renamed in this folder: faccessat(2), AT_EACCESS.
result<> check_writable(int folder);

struct file_facts {
  bool regular = false;
  std::uint64_t size = 0, inode = 0;
  std::chrono::system_clock::time_point born;  ///< now, where the file system does not know
};
/// statx(2).
result<file_facts> facts_of(int fd);

/// The rest of a file whose size nobody knows, as far as about `most` bytes: pread(2) from `into`'s end on. What came
/// before an error is in it.
std::error_code read_to_end(int fd, std::size_t most, std::string& into);

/// pread(2).
result<std::size_t> pread(int fd, std::span<char> into, std::uint64_t offset);
result<> ftruncate(int fd, std::uint64_t size);
/// writev(2), repeated on EINTR: how much was written, which may be less than all.
result<std::size_t> writev(int fd, std::span<const std::string_view> parts);

}  // namespace lineshaft::sys
