// Tried in processes of their own, which may close what they like.
#include "sys/descriptor.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <functional>

using namespace lineshaft;

namespace {

/// Whether this holds in a child.
bool in_child(const std::function<bool()>& holds) {
  const pid_t pid = ::fork();
  if (pid == 0) ::_exit(holds() ? 0 : 1);
  int status = 0;
  return ::waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool is_open(int fd) { return ::fcntl(fd, F_GETFD) >= 0; }

bool is_null(int fd) {
  struct stat here{}, null{};
  return ::fstat(fd, &here) == 0 && ::stat("/dev/null", &null) == 0 && here.st_rdev == null.st_rdev &&
         (::fcntl(fd, F_GETFD) & FD_CLOEXEC) == 0;
}

}  // namespace

TEST(descriptor, all_are_closed_but_those_that_are_kept) {
  EXPECT_TRUE(in_child([] {
    for (const int fd : {20, 21, 22, 23, 500}) ::dup2(0, fd);
    std::array<int, 5> kept{22, -1, 500, 0, 20};
    sys::close_all_except(kept);
    return is_open(0) && is_open(20) && is_open(22) && is_open(500) && !is_open(1) && !is_open(2) && !is_open(21) &&
           !is_open(23);
  }));
  EXPECT_TRUE(in_child([] {
    sys::close_all_except({});
    return !is_open(0) && !is_open(1) && !is_open(2);
  }));
}

TEST(descriptor, standard_ones_that_are_closed_become_dev_null_and_input_always_does) {
  for (int closed = 0; closed < 8; ++closed) {
    EXPECT_TRUE(in_child([closed] {
      int pipe_ends[2];
      if (::pipe(pipe_ends) != 0) return false;
      for (const int fd : {0, 1, 2}) ::dup2(pipe_ends[1], fd);
      for (const int fd : {0, 1, 2})
        if ((closed & (1 << fd)) != 0) ::close(fd);
      if (!sys::secure_standard_descriptors()) return false;
      return is_null(0) && is_null(1) == ((closed & 2) != 0) && is_null(2) == ((closed & 4) != 0) && is_open(1) &&
             is_open(2);
    })) << closed;
  }
}

TEST(descriptor, duplicates_and_opened_files_are_not_for_other_programs) {
  const auto opened = sys::open("/dev/null", O_RDONLY);
  ASSERT_TRUE(opened);
  const auto copy = sys::duplicate(opened->get());
  ASSERT_TRUE(copy);
  EXPECT_NE(copy->get(), opened->get());
  for (const int fd : {opened->get(), copy->get()}) EXPECT_NE(::fcntl(fd, F_GETFD) & FD_CLOEXEC, 0);
  EXPECT_EQ(sys::open("/nowhere/x", O_RDONLY).error().message(), "cannot open '/nowhere/x': No such file or directory");
  EXPECT_EQ(sys::duplicate(9999).error().message(), "cannot duplicate a descriptor: Bad file descriptor");
}
