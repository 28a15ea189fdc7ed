#include "sys/relations.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <string>
#include <vector>

#include "support/eventually.hpp"
#include "support/processes.hpp"

namespace sys = lineshaft::sys;
using sys::answer;

namespace {

/// A program that sleeps, with that environment, until the test ends.
class sleeper {
 public:
  explicit sleeper(std::vector<std::string> environment) {
    std::vector<char*> entries;
    for (auto& entry : environment) entries.push_back(entry.data());
    entries.push_back(nullptr);
    char name[] = "sleep", time[] = "1000";
    char* const argv[] = {name, time, nullptr};
    EXPECT_EQ(::posix_spawnp(&pid_, name, nullptr, nullptr, argv, entries.data()), 0);
    // Of one that is inside execve(2) nothing can be told yet.
    EXPECT_TRUE(support::eventually([&] { return sys::began_with(pid_, "NO=") != answer::not_yet; }));
  }
  ~sleeper() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  sleeper(const sleeper&) = delete;
  sleeper& operator=(const sleeper&) = delete;
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = 0;
};

}  // namespace

TEST(relations, an_environment_has_an_entry_if_one_begins_so) {
  const sleeper one({"A=1", "LINESHAFT_TREE=7-1", "B=2"});
  EXPECT_EQ(sys::began_with(one.pid(), "LINESHAFT_TREE=7-1"), answer::yes);
  EXPECT_EQ(sys::began_with(one.pid(), "LINESHAFT_TREE=7-"), answer::yes);
  EXPECT_EQ(sys::began_with(one.pid(), "LINESHAFT_TREE=7-11"), answer::no);
  EXPECT_EQ(sys::began_with(one.pid(), "TREE=7"), answer::no);
}

TEST(relations, the_moment_of_its_beginning_is_between_what_the_clock_said_before_and_after) {
  const auto before = sys::ticks_since_boot();
  const sleeper one({});
  const auto after = sys::ticks_since_boot();
  const auto began = sys::relations_of(one.pid())->began;
  EXPECT_GE(began + 1, before);
  EXPECT_LE(began, after + 1);
}

TEST(relations, of_all_processes_none_stays_without_an_answer) {
  // The kernel's own threads, too, which have no environment at all.
  EXPECT_TRUE(support::eventually([] {
    return std::ranges::none_of(sys::all_processes(),
                                [](pid_t one) { return sys::began_with(one, "NO=") == answer::not_yet; });
  }));
}

TEST(relations, all_processes_are_those_of_proc_and_their_numbers_are_taken) {
  const auto all = sys::all_processes();
  EXPECT_THAT(all, ::testing::Contains(::getpid()));
  EXPECT_TRUE(sys::is_taken(::getpid()));
  const pid_t gone = ::fork();
  if (gone == 0) ::_exit(0);
  EXPECT_TRUE(sys::is_taken(gone)) << "a zombie, too";
  ::waitpid(gone, nullptr, 0);
  EXPECT_FALSE(sys::is_taken(gone));
}

TEST(relations, an_environment_of_many_pages_is_read_to_its_end) {
  const sleeper one({"BIG=" + std::string(100'000, 'x'), "LINESHAFT_TREE=7"});
  EXPECT_EQ(sys::began_with(one.pid(), "LINESHAFT_TREE=7"), answer::yes);
}

TEST(relations, of_the_ended_and_of_nobody_the_environment_tells_nothing) {
  siginfo_t ended{};
  const pid_t zombie = ::fork();
  if (zombie == 0) ::_exit(0);
  ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(zombie), &ended, WEXITED | WNOWAIT), 0);
  EXPECT_EQ(sys::began_with(zombie, "A=1"), answer::no);
  EXPECT_EQ(sys::relations_of(zombie)->state, 'Z');
  ::waitpid(zombie, nullptr, 0);
  EXPECT_EQ(sys::began_with(zombie, "A=1"), answer::no);
  EXPECT_FALSE(sys::relations_of(zombie));
}

TEST(relations, are_those_that_the_kernel_tells) {
  const auto self = sys::relations_of(::getpid());
  ASSERT_TRUE(self);
  EXPECT_EQ(self->parent, ::getppid());
  EXPECT_EQ(self->group, ::getpgrp());
  EXPECT_EQ(self->session, ::getsid(0));
  EXPECT_FALSE(self->executing);
}

TEST(relations, an_orphan_comes_to_who_adopts) {
  sys::set_child_subreaper(true);
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t parent = ::fork();
  if (parent == 0) {
    const pid_t orphan = ::fork();
    if (orphan == 0)
      for (;;) ::pause();
    (void)!::write(ends[1], &orphan, sizeof orphan);
    ::_exit(0);
  }
  pid_t orphan = 0;
  ASSERT_EQ(::read(ends[0], &orphan, sizeof orphan), static_cast<ssize_t>(sizeof orphan));
  ::waitpid(parent, nullptr, 0);
  sys::adopted_children adopted;
  EXPECT_THAT(adopted.read(), testing::Contains(orphan));
  ::kill(orphan, SIGKILL);
  EXPECT_EQ(::waitpid(orphan, nullptr, 0), orphan);
  EXPECT_THAT(adopted.read(), testing::Not(testing::Contains(orphan)));
  sys::set_child_subreaper(false);
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST(relations, a_variable_is_written_over_where_there_is_one_of_its_size) {
  const pid_t child = ::fork();
  if (child == 0) {
    // The place that the kernel shows is the one of the first environment: that of this program.
    const bool none = !sys::overwrite_beginning("LINESHAFT_NOT_THERE=1");
    const std::string path = ::getenv("PATH");
    const bool other_size = !sys::overwrite_beginning("PATH=" + path + "x");
    const auto changed = "PATH=" + std::string(path.size(), 'y');
    const bool written = sys::overwrite_beginning(changed);
    ::_exit(none && other_size && written && sys::began_with(::getpid(), changed) == answer::yes ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(WEXITSTATUS(status), 0);
}
