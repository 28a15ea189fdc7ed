#include "sys/private_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "sys/error.hpp"

namespace lineshaft::sys {

uid_t own_uid() { return ::geteuid(); }

result<> make_private_folder(const std::string& path) {
  const auto cannot = "cannot use '" + path + "' as a folder of this user alone";
  std::error_code ec;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), ec);
  if (ec) return fail(ec, "cannot make the folder above '" + path + "'");
  if (::mkdir(path.c_str(), 0700) < 0 && errno != EEXIST)
    return fail(last_error(), "cannot make the folder '" + path + "'");
  struct stat facts{};
  if (::lstat(path.c_str(), &facts) < 0) return fail(last_error(), cannot);
  if (!S_ISDIR(facts.st_mode)) return fail(cannot + ": it is no folder");
  if (facts.st_uid != own_uid()) return fail(cannot + ": it belongs to user " + std::to_string(facts.st_uid));
  if ((facts.st_mode & 077) != 0 && ::chmod(path.c_str(), 0700) < 0) return fail(last_error(), cannot);
  return {};
}

result<std::optional<unique_fd>> try_lock(const std::string& path) {
  unique_fd file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file) return fail(last_error(), "cannot open '" + path + "'");
  if (::flock(file.get(), LOCK_EX | LOCK_NB) == 0) return file;
  if (errno == EWOULDBLOCK) return std::nullopt;
  return fail(last_error(), "cannot lock '" + path + "'");
}

result<> write_all(int fd, const std::string& text) {
  if (::ftruncate(fd, 0) < 0 || ::pwrite(fd, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size()))
    return fail(last_error(), "cannot write the lock");
  return {};
}

}  // namespace lineshaft::sys
