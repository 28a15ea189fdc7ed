// Who belongs to whom, with real processes: a family of forks that wait until they are killed.
#include "sys/descent.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lineshaft/unique_fd.hpp"
#include "sys/wait.hpp"

using namespace lineshaft;

namespace {

/// A child that leads a group and has made one grandchild, which has done `first`.
struct family {
  pid_t leader = -1, grandchild = -1;

  explicit family(void (*first)(), bool leader_stays = true) {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    leader = ::fork();
    if (leader == 0) {
      ::setpgid(0, 0);
      const pid_t made = ::fork();
      if (made == 0) {
        first();
        const pid_t self = ::getpid();
        [[maybe_unused]] const auto said = ::write(ends[1], &self, sizeof self);
        for (;;) ::pause();
      }
      if (!leader_stays) ::_exit(0);
      for (;;) ::pause();
    }
    EXPECT_EQ(::read(ends[0], &grandchild, sizeof grandchild), static_cast<ssize_t>(sizeof grandchild));
    ::close(ends[0]);
    ::close(ends[1]);
  }
  ~family() {
    ::kill(grandchild, SIGKILL);
    ::kill(leader, SIGKILL);
    ::waitpid(leader, nullptr, 0);
  }
  family(const family&) = delete;
  family& operator=(const family&) = delete;
};

}  // namespace

TEST(descent, of_the_leader_itself_and_of_its_descendants) {
  const family plain([] {});
  EXPECT_TRUE(sys::belongs_to(plain.leader, -1, plain.leader));
  EXPECT_TRUE(sys::belongs_to(plain.grandchild, -1, plain.leader));
  const family own_session([] { ::setsid(); });
  EXPECT_TRUE(sys::belongs_to(own_session.grandchild, -1, own_session.leader)) << "by its parent";
}

TEST(descent, of_an_orphan_is_known_by_its_group_while_it_has_not_left_it) {
  const family orphan([] {}, false);
  EXPECT_TRUE(sys::belongs_to(orphan.grandchild, -1, orphan.leader));
  const family gone([] { ::setsid(); }, false);
  siginfo_t info{};
  ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(gone.leader), &info, WEXITED | WNOWAIT), 0);
  EXPECT_FALSE(sys::belongs_to(gone.grandchild, -1, gone.leader));
}

TEST(descent, of_strangers_is_none) {
  const family one([] {}), other([] {});
  EXPECT_FALSE(sys::belongs_to(other.leader, -1, one.leader)) << "a sibling";
  EXPECT_FALSE(sys::belongs_to(other.grandchild, -1, one.leader));
  EXPECT_FALSE(sys::belongs_to(::getpid(), -1, one.leader)) << "the parent";
  EXPECT_FALSE(sys::belongs_to(1, -1, one.leader));
  EXPECT_FALSE(sys::belongs_to(0, -1, one.leader));
  EXPECT_FALSE(sys::belongs_to(-1, -1, one.leader));
}

TEST(descent, of_a_process_that_was_reaped_is_not_known_but_of_a_zombie_it_is) {
  const family one([] {});
  const pid_t dead = ::fork();
  if (dead == 0) {
    ::setpgid(0, one.leader);
    ::_exit(0);
  }
  const auto handle = sys::pidfd_open(dead);
  ASSERT_TRUE(handle);
  siginfo_t info{};
  ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(dead), &info, WEXITED | WNOWAIT), 0);
  EXPECT_TRUE(sys::belongs_to(dead, handle->get(), one.leader)) << "in its group, and not reaped";
  ASSERT_EQ(::waitpid(dead, nullptr, 0), dead);
  EXPECT_FALSE(sys::belongs_to(dead, handle->get(), one.leader));
  EXPECT_FALSE(sys::belongs_to(dead, -1, one.leader));
}
