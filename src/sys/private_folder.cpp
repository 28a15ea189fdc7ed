#include "sys/private_folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <utility>

#include "sys/error.hpp"

namespace lineshaft::sys {
namespace {

// Of the open file, not of the process: whoever closes another descriptor of the same file keeps it.
constexpr struct flock whole_file() {
  struct flock wanted{};
  wanted.l_type = F_WRLCK;
  wanted.l_whence = SEEK_SET;
  return wanted;
}

}  // namespace

uid_t own_uid() { return ::geteuid(); }

result<> make_own_folder(const std::string& path, folder_access others) {
  const auto cannot = "cannot use '" + path + "' as a folder of this user alone";
  const mode_t mode = std::to_underlying(others);
  std::error_code ec;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), ec);
  if (ec) return fail(ec, "cannot make the folder above '" + path + "'");
  if (::mkdir(path.c_str(), mode) < 0 && errno != EEXIST)
    return fail(last_error(), "cannot make the folder '" + path + "'");
  struct stat facts{};
  if (::lstat(path.c_str(), &facts) < 0) return fail(last_error(), cannot);
  if (!S_ISDIR(facts.st_mode)) return fail(cannot + ": it is no folder");
  if (facts.st_uid != own_uid()) return fail(cannot + ": it belongs to user " + std::to_string(facts.st_uid));
  if ((facts.st_mode & 0777) != mode && ::chmod(path.c_str(), mode) < 0) return fail(last_error(), cannot);
  return {};
}

result<std::optional<unique_fd>> try_lock(const std::string& path) {
  unique_fd file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file) return fail(last_error(), "cannot open '" + path + "'");
  auto wanted = whole_file();
  if (::fcntl(file.get(), F_OFD_SETLK, &wanted) == 0) return file;
  if (errno == EWOULDBLOCK || errno == EACCES) return std::nullopt;
  return fail(last_error(), "cannot lock '" + path + "'");
}

result<bool> is_locked(const std::string& path) {
  const unique_fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!file && errno == ENOENT) return false;
  if (!file) return fail(last_error(), "cannot open '" + path + "'");
  auto known = whole_file();
  if (::fcntl(file.get(), F_OFD_GETLK, &known) < 0) return fail(last_error(), "cannot look at the lock '" + path + "'");
  return known.l_type != F_UNLCK;
}

result<> write_holder(int fd, const std::string& text) {
  if (::ftruncate(fd, 0) < 0 || ::pwrite(fd, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size()))
    return fail(last_error(), "cannot write the lock");
  return {};
}

}  // namespace lineshaft::sys
