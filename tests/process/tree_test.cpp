// The whole tree of a worker ends with it: "stopped" means that nobody of it is left.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "children/classes.hpp"
#include "support/eventually.hpp"
#include "support/files.hpp"
#include "support/processes.hpp"
#include "support/program.hpp"

using namespace std::chrono_literals;
using lineshaft::process_manager;
using lineshaft::restart_mode;
using lineshaft::stop_outcome;
using support::eventually;

namespace {

class tree : public ::testing::Test {
 protected:
  pid_t pid_in(const std::string& file) {
    EXPECT_TRUE(eventually([&] { return !support::lines_of(file).empty(); }));
    return static_cast<pid_t>(std::stol(support::lines_of(file).front()));
  }
  // Ignores what it is asked, in a session of its own, and says who it is.
  static std::string daemon(const std::string& file) {
    return "setsid sh -c \"trap '' TERM HUP; echo \\$\\$ >" + file + "; while :; do sleep 1000; done\" &";
  }

  support::temporary_folder folder_;
  std::string file_ = folder_ / "pid";
  process_manager manager_{support::host()};
};

}  // namespace

TEST_F(tree, c03_a_grandchild_in_a_session_of_its_own_that_ignores_the_signal_is_gone_when_the_stop_returns) {
  ASSERT_TRUE(manager_.start_command("a", {"sh", "-c", daemon(file_) + " wait"}));
  const auto grandchild = pid_in(file_);
  EXPECT_EQ(manager_.stop_process("a", 60s).how, stop_outcome::clean);
  EXPECT_EQ(support::state_of(grandchild), 0) << "not even a zombie";
}

TEST_F(tree, a_daemon_whose_parent_has_ended_goes_with_its_worker) {
  // The shell between the two has left: to the kernel the daemon is nobody's relative any more.
  ASSERT_TRUE(manager_.start_command("a", {"sh", "-c", "( " + daemon(file_) + " ) ; exec sleep 1000"}));
  const auto grandchild = pid_in(file_);
  EXPECT_FALSE(support::is_gone(grandchild)) << "the worker lives";
  manager_.stop_process("a", 60s);
  EXPECT_EQ(support::state_of(grandchild), 0);
}

TEST_F(tree, what_a_worker_class_has_forked_goes_with_it) {
  ASSERT_TRUE(manager_.start_worker<children::forks_a_daemon>("a", {file_}));
  const auto daemon = pid_in(file_);
  manager_.stop_process("a", 60s);
  EXPECT_EQ(support::state_of(daemon), 0);
}

TEST_F(tree, a_crash_leaves_nobody_behind_for_the_next_generation) {
  ASSERT_TRUE(manager_.start_command("a", {"sh", "-c", daemon(file_) + " wait"},
                                     {.restart = {.mode = restart_mode::always, .delay = 1ms}}));
  const auto grandchild = pid_in(file_);
  ::kill(*manager_.get_status("a").pid, SIGKILL);
  ASSERT_TRUE(eventually([&] { return manager_.get_status("a").generation == 2; }));
  EXPECT_EQ(support::state_of(grandchild), 0);
}

TEST_F(tree, a_daemon_that_is_just_being_executed_when_its_worker_ends_goes_too) {
  const auto before = support::children();
  for (int round = 0; round < 200; ++round) {
    // A little later each time, so that the end meets the daemon at every step of its beginning.
    const auto later = "i=" + std::to_string(round * 20) + "; while [ $i -gt 0 ]; do i=$((i-1)); done;";
    ASSERT_TRUE(manager_.start_command("a", {"sh", "-c", daemon(file_) + " " + later + " kill -KILL $$"},
                                       {.restart = {.mode = restart_mode::never}}));
    ASSERT_TRUE(eventually([&] { return !manager_.get_status("a").alive; }));
    ASSERT_TRUE(eventually([&] { return support::children() <= before + 1; }))
        << "the fork server, and nobody else, in round " << round << ":\n"
        << support::told_of_children();
  }
}

TEST_F(tree, a_manager_in_a_worker_goes_with_its_fork_server_and_all_of_its_workers) {
  ASSERT_TRUE(manager_.start_command(
      "a", {MANAGER_PROGRAM, folder_ / "", "stubborn", "forks_a_daemon", "daemonizes", "kill_fork_server", "hangs"}));
  std::vector<pid_t> all{pid_in(folder_ / "stubborn"), pid_in(folder_ / "forks_a_daemon"), pid_in(folder_ / "daemon")};
  const auto inner = std::to_string(*manager_.get_status("a").pid);
  ASSERT_TRUE(eventually([&] { return support::children_of(inner).size() == 9; }))
      << "four workers, two daemons, a fork server, two spares";
  std::ranges::copy(support::children_of(inner), std::back_inserter(all));
  ASSERT_TRUE(manager_.stop_process("a", 0ms).exit);
  for (const pid_t one : all) EXPECT_TRUE(support::is_gone(one)) << one;
}

TEST_F(tree, those_of_another_worker_stay) {
  const auto others = folder_ / "other";
  ASSERT_TRUE(manager_.start_command("a", {"sh", "-c", "( " + daemon(file_) + " ) ; exec sleep 1000"}));
  ASSERT_TRUE(manager_.start_command("b", {"sh", "-c", "( " + daemon(others) + " ) ; exec sleep 1000"}));
  const auto stays = pid_in(others);
  pid_in(file_);
  manager_.stop_process("a", 60s);
  EXPECT_FALSE(support::is_gone(stays));
}

TEST_F(tree, children_of_the_program_around_are_its_own) {
  const pid_t own = ::fork();
  if (own == 0) {
    ::setsid();
    for (;;) ::pause();
  }
  ASSERT_TRUE(manager_.start_command("a", {"sh", "-c", daemon(file_) + " wait"}));
  pid_in(file_);
  manager_.stop_process("a", 60s);
  EXPECT_FALSE(support::is_gone(own));
  ::kill(own, SIGKILL);
  int status = 0;
  EXPECT_EQ(::waitpid(own, &status, 0), own) << "and nobody else has reaped it";
}

TEST_F(tree, an_orphan_that_ends_by_itself_is_no_zombie) {
  // It is in its worker's group: known without its environment, which ends with it.
  ASSERT_TRUE(manager_.start_command(
      "a", {"sh", "-c", "(sh -c 'echo $$ >" + file_ + "; kill -STOP $$; exit 0' &); exec sleep 1000"}));
  const auto orphan = pid_in(file_);
  ASSERT_TRUE(eventually([&] { return support::state_of(orphan) == 'T'; }));
  ::kill(orphan, SIGCONT);
  EXPECT_TRUE(eventually([&] { return support::state_of(orphan) == 0; }));
  EXPECT_TRUE(manager_.get_status("a").alive);
}

TEST(owned_children, every_orphan_is_reaped_by_a_manager_that_owns_the_process) {
  support::temporary_folder folder;
  process_manager manager(support::host(), {.owns_children = true});
  const auto file = folder / "pid";
  ASSERT_TRUE(manager.start_command(
      "a", {"sh", "-c", "(setsid sh -c 'echo $$ >" + file + "; kill -STOP $$; exit 0' &); exec sleep 1000"}));
  ASSERT_TRUE(eventually([&] { return !support::lines_of(file).empty(); }));
  const auto orphan = static_cast<pid_t>(std::stol(support::lines_of(file).front()));
  ASSERT_TRUE(eventually([&] { return support::state_of(orphan) == 'T'; }));
  ::kill(orphan, SIGCONT);
  EXPECT_TRUE(eventually([&] { return support::state_of(orphan) == 0; }));
}
