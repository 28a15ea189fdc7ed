#include "sys/background.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <unistd.h>

#include "sys/error.hpp"
#include "sys/wait.hpp"

namespace lineshaft::sys {
namespace {

std::vector<char*> pointers(const std::vector<std::string>& to) {
  std::vector<char*> all;
  for (const auto& one : to) all.push_back(const_cast<char*>(one.c_str()));
  all.push_back(nullptr);
  return all;
}

class actions {
 public:
  explicit actions(int output) {
    ::posix_spawn_file_actions_init(&held_);
    ::posix_spawn_file_actions_addopen(&held_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&held_, output, STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&held_, output, STDERR_FILENO);
    ::posix_spawn_file_actions_addclosefrom_np(&held_, STDERR_FILENO + 1);
  }
  ~actions() { ::posix_spawn_file_actions_destroy(&held_); }
  actions(const actions&) = delete;
  actions& operator=(const actions&) = delete;
  const posix_spawn_file_actions_t* get() const { return &held_; }

 private:
  posix_spawn_file_actions_t held_;
};

class attributes {
 public:
  attributes() {
    sigset_t all, none;
    ::sigfillset(&all);
    ::sigemptyset(&none);
    ::posix_spawnattr_init(&held_);
    ::posix_spawnattr_setsigdefault(&held_, &all);
    ::posix_spawnattr_setsigmask(&held_, &none);
    ::posix_spawnattr_setflags(&held_, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  }
  ~attributes() { ::posix_spawnattr_destroy(&held_); }
  attributes(const attributes&) = delete;
  attributes& operator=(const attributes&) = delete;
  const posix_spawnattr_t* get() const { return &held_; }

 private:
  posix_spawnattr_t held_;
};

}  // namespace

result<background_process> start_in_background(const std::string& path, const std::vector<std::string>& argv,
                                               const std::vector<std::string>& environment, int output) {
  background_process started;
  const actions files(output);
  const attributes how;
  if (const int number = ::posix_spawn(&started.pid, path.c_str(), files.get(), how.get(), pointers(argv).data(),
                                       pointers(environment).data());
      number != 0)
    return fail(std::error_code(number, std::generic_category()), "cannot execute '" + path + "'");
  auto handle = pidfd_open(started.pid);
  if (!handle) return std::unexpected(handle.error());
  started.handle = std::move(*handle);
  return started;
}

}  // namespace lineshaft::sys
