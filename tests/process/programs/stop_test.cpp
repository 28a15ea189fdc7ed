// How programs are asked to leave, and which ends of theirs are successes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "lineshaft/process_manager.hpp"
#include "support/eventually.hpp"
#include "support/files.hpp"
#include "support/program.hpp"

using namespace std::chrono_literals;
using lineshaft::process_manager;
using lineshaft::stop_outcome;
using lineshaft::worker_state;
using support::eventually;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

namespace {

class programs : public ::testing::Test {
 protected:
  /// Starts the program, which does what it is told.
  void start(std::vector<std::string> what, lineshaft::start_options how = {}) {
    what.insert(what.begin(), PROGRAM_CHILD);
    const auto started = manager_.start_command("a", std::move(what), std::move(how));
    ASSERT_TRUE(started) << started.error().message();
  }
  bool says(const std::string& file, const std::string& line) {
    return eventually([&] { return std::ranges::contains(support::lines_of(file), line); });
  }

  support::temporary_folder folder_;
  std::string file_ = folder_ / "report";
  process_manager manager_{support::host()};
};

}  // namespace

TEST_F(programs, that_end_by_the_signal_that_asks_them_to_leave_are_stopped_and_not_failed) {
  start({"write", file_, "here", "wait"});
  ASSERT_TRUE(says(file_, "here"));
  const auto outcome = manager_.stop_process("a", 60s);
  EXPECT_EQ(outcome.how, stop_outcome::clean);
  EXPECT_EQ(outcome.exit->reason, "stopped by SIGTERM");
  EXPECT_TRUE(outcome.exit->success);
  EXPECT_EQ(manager_.get_status("a").state, worker_state::stopped);
  EXPECT_EQ(manager_.get_status("a").error, "");
}

TEST_F(programs, that_are_killed_by_somebody_else_have_failed) {
  start({"write", file_, "here", "wait"}, {.restart = {.mode = lineshaft::restart_mode::never}});
  ASSERT_TRUE(says(file_, "here"));
  ::kill(*manager_.get_status("a").pid, SIGTERM);
  ASSERT_TRUE(eventually([&] { return manager_.get_status("a").state == worker_state::failed; }));
  EXPECT_EQ(manager_.get_status("a").error, "killed by SIGTERM");
}

TEST_F(programs, that_do_not_listen_get_every_signal_of_their_ladder_and_are_killed) {
  start({"on", "2", file_, "on", "15", file_, "on", "3", file_, "write", file_, "here", "wait"},
        {.stop = {{SIGINT, 50ms}, {SIGTERM, 50ms}, {SIGQUIT, 50ms}, {SIGKILL, 1s}}});
  ASSERT_TRUE(says(file_, "here"));
  const auto outcome = manager_.stop_process("a", 600s);
  EXPECT_EQ(outcome.how, stop_outcome::killed);
  EXPECT_THAT(outcome.exit->reason, StartsWith("killed: did not stop within 1"));
  EXPECT_THAT(support::lines_of(file_), ElementsAre("here", "02", "15", "03"));
}

TEST_F(programs, have_a_ladder_that_fits_into_the_time_of_the_stop) {
  start({"on", "2", file_, "on", "15", file_, "write", file_, "here", "wait"},
        {.stop = {{SIGINT, 1000s}, {SIGTERM, 1000s}, {SIGKILL, 100s}}});
  ASSERT_TRUE(says(file_, "here"));
  const auto outcome = manager_.stop_process("a", 500ms);
  EXPECT_EQ(outcome.how, stop_outcome::killed);
  EXPECT_THAT(support::lines_of(file_), ElementsAre("here", "02", "15"));
}

TEST_F(programs, that_leave_at_a_later_signal_are_not_killed) {
  start({"ignore", "2", "exit_on", "15", "0", "write", file_, "here", "wait"},
        {.stop = {{SIGINT, 20ms}, {SIGTERM, 600s}, {SIGKILL, 1s}}});
  ASSERT_TRUE(says(file_, "here"));
  const auto outcome = manager_.stop_process("a", 1200s);
  EXPECT_EQ(outcome.how, stop_outcome::clean);
  EXPECT_EQ(outcome.exit->code, 0);
}

TEST_F(programs, that_are_stopped_a_second_time_with_less_time_are_killed_in_that) {
  start({"ignore", "15", "on", "10", file_, "write", file_, "here", "wait"},
        {.stop = {{SIGUSR1, 1000s}, {SIGTERM, 1000s}, {SIGKILL, 1s}}});
  ASSERT_TRUE(says(file_, "here"));
  std::jthread patient([&] { EXPECT_EQ(manager_.stop_process("a", 3000s).how, stop_outcome::killed); });
  ASSERT_TRUE(says(file_, "10"));
  EXPECT_EQ(manager_.stop_process("a", 100ms).how, stop_outcome::killed);
}

TEST_F(programs, are_killed_at_once_when_there_is_no_time) {
  start({"on", "15", file_, "write", file_, "here", "wait"});
  ASSERT_TRUE(says(file_, "here"));
  EXPECT_EQ(manager_.stop_process("a", 0ms).how, stop_outcome::killed);
}

TEST_F(programs, that_are_stopped_by_a_debugger_or_a_signal_still_hear_that_they_have_to_leave) {
  start({"exit_on", "15", "0", "write", file_, "here", "wait"});
  ASSERT_TRUE(says(file_, "here"));
  ::kill(*manager_.get_status("a").pid, SIGSTOP);
  EXPECT_EQ(manager_.stop_process("a", 600s).how, stop_outcome::clean);
}

TEST_F(programs, have_completed_with_each_of_their_success_codes_and_failed_with_others) {
  start({"exit", "3"}, {.success_exit_codes = {0, 3}});
  ASSERT_TRUE(eventually([&] { return manager_.get_status("a").state == worker_state::completed; }));
  EXPECT_TRUE(manager_.exit_records("a").at(0).success);
  EXPECT_EQ(manager_.exit_records("a").at(0).reason, "exited 3");
  start({"exit", "4"}, {.restart = {.delay = 1ms, .limit = {{.count = 2}}}, .success_exit_codes = {0, 3}});
  ASSERT_TRUE(eventually([&] { return manager_.get_status("a").state == worker_state::failed; }));
  EXPECT_THAT(manager_.get_status("a").error, HasSubstr("exited 4; not started again: 2 restarts in"));
}

TEST_F(programs, with_a_ladder_that_is_none_are_refused) {
  const auto refused = [&](std::vector<lineshaft::stop_rung> ladder) {
    return manager_.start_command("a", {"true"}, {.stop = std::move(ladder)}).error().message();
  };
  EXPECT_THAT(refused({}), HasSubstr("cannot start 'a': cannot stop a worker by no signal at all"));
  EXPECT_THAT(refused({{99, 1s}}), HasSubstr("there is no signal 99"));
}

// Its channel cannot be heard, its ladder goes on.
TEST_F(programs, and_stuck_worker_classes_too_get_the_later_signals_of_their_ladder) {
  const auto started =
      manager_.start_worker("hangs", "a", {}, {.stop = {{SIGTERM, 20ms}, {SIGQUIT, 600s}}, .limits = {.core = 0}});
  ASSERT_TRUE(started);
  ASSERT_TRUE(manager_.wait_ready("a", 60s));
  const auto outcome = manager_.stop_process("a", 1200s);
  EXPECT_EQ(outcome.exit->code, -SIGQUIT);
}

TEST_F(programs, hear_of_the_managers_death_as_other_users_too) {
  start({"parent_death", file_, "wait"}, {.user = ::geteuid() == 0 ? "0:1" : ""});
  EXPECT_TRUE(says(file_, "15"));
}
