// Living: how a worker ends, what is known of it then, and what is done about it.
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
using lineshaft::worker_kind;
using lineshaft::worker_state;
using support::eventually;
using ::testing::HasSubstr;
using ::testing::StartsWith;

namespace {

class life : public ::testing::Test {
 protected:
  lineshaft::exit_record end_of(const std::string& class_name, boost::json::object options,
                                lineshaft::start_options how = {}) {
    how.restart.mode = restart_mode::never;
    manager_.forget("a");
    const auto started = manager_.start_worker(class_name, "a", std::move(options), how);
    EXPECT_TRUE(started) << started.error().message();
    EXPECT_TRUE(eventually([&] { return !manager_.exit_records("a").empty(); }));
    auto record = manager_.exit_records("a").back();
    EXPECT_EQ(record.pid, *started);
    EXPECT_TRUE(eventually([&] { return !manager_.get_status("a").alive; }));
    return record;
  }

  support::temporary_folder folder_;
  process_manager manager_{support::host()};
};

}  // namespace

TEST_F(life, what_is_thrown_anywhere_is_told_and_the_process_leaves_with_70) {
  const struct {
    const char* where;
    const char* reason;
  } rows[] = {
      {"constructor", "exited 70: cannot connect to the moon"}, {"start", "exited 70: cannot connect to the moon"},
      {"later", "exited 70: cannot connect to the moon"},       {"handler", "exited 70: cannot connect to the moon"},
      {"stop_now", "exited 70: cannot connect to the moon"},    {"start_int", "exited 70: an exception of type int"},
  };
  for (const auto& row : rows) {
    const auto record = end_of("fails", {{"where", row.where}});
    EXPECT_EQ(record.code, 70) << row.where;
    EXPECT_EQ(record.reason, row.reason) << row.where;
    EXPECT_FALSE(record.success) << row.where;
    const auto status = manager_.get_status("a");
    EXPECT_EQ(status.state, worker_state::failed) << row.where;
    EXPECT_EQ(status.error, row.reason) << row.where;
    manager_.forget("a");
  }
}

TEST_F(life, stop_runs_once_after_a_failure_if_there_is_an_object) {
  for (const char* where : {"start", "later", "handler", "stop_now"}) {
    const auto file = folder_ / where;
    end_of("fails", {{"where", where}, {"file", file}});
    EXPECT_EQ(support::lines_of(file), std::vector<std::string>{"stopped"}) << where;
  }
  const auto file = folder_ / "constructor";
  end_of("fails", {{"where", "constructor"}, {"file", file}});
  EXPECT_TRUE(support::lines_of(file).empty());
}

TEST_F(life, every_kind_of_death_is_seen_named_and_recorded) {
  const struct {
    const char* how;
    int code;
    const char* reason;
  } rows[] = {
      {"exit0", 0, "exited 0 without being asked"}, {"exit3", 3, "exited 3"},
      {"abort", -SIGABRT, "killed by SIGABRT"},     {"terminate", -SIGABRT, "killed by SIGABRT"},
      {"overflow", -SIGSEGV, "killed by SIGSEGV"},  {"segfault", -SIGSEGV, "killed by SIGSEGV"},
      {"kill", -SIGKILL, "killed by SIGKILL"},
  };
  for (const auto& row : rows) {
    const auto record = end_of("dies", {{"how", row.how}});
    EXPECT_EQ(record.code, row.code) << row.how;
    EXPECT_THAT(record.reason, StartsWith(row.reason)) << row.how;
    EXPECT_EQ(manager_.get_status("a").state, worker_state::failed) << row.how;
    manager_.forget("a");
  }
}

TEST_F(life, terminate_says_what_was_not_caught) {
  EXPECT_THAT(end_of("dies", {{"how", "terminate"}}).reason, HasSubstr("nobody catches this"));
}

TEST_F(life, a_start_that_returns_leaves_the_worker_running) {
  ASSERT_TRUE(manager_.start_worker("idle", "a"));
  ASSERT_TRUE(manager_.wait_ready("a", 60s));
  // Its answer to a request proves that it still lives after start() has returned.
  const auto outcome = manager_.stop_process("a");
  EXPECT_EQ(outcome.how, lineshaft::stop_outcome::clean);
  EXPECT_EQ(outcome.exit->reason, "stopped");
}

TEST_F(life, a_task_ends_with_its_start_and_finish_ends_any_worker) {
  EXPECT_EQ(end_of("task", {}, {.kind = worker_kind::task}).reason, "finished");
  EXPECT_EQ(manager_.get_status("a").state, worker_state::completed);
  EXPECT_EQ(manager_.get_status("a").processed, 7U);
  EXPECT_EQ(end_of("task", {{"fail", true}}, {.kind = worker_kind::task}).reason, "exited 70: the task failed");
  EXPECT_EQ(manager_.get_status("a").state, worker_state::failed);
  EXPECT_EQ(end_of("finishes", {}).reason, "finished");
  EXPECT_EQ(manager_.get_status("a").state, worker_state::completed);
}

TEST_F(life, readiness_is_waited_for_and_a_failure_before_it_is_an_error_with_the_reason) {
  const auto file = folder_ / "go";
  ASSERT_TRUE(manager_.start_worker("ready_later", "a", {{"file", file}}, {.ready = lineshaft::ready_when::notify}));
  EXPECT_FALSE(manager_.wait_ready("a", 0ms));
  EXPECT_EQ(manager_.get_status("a").state, worker_state::starting);
  children::report(file, "go");
  EXPECT_TRUE(manager_.wait_ready("a", 60s));
  EXPECT_EQ(manager_.get_status("a").state, worker_state::running);

  ASSERT_TRUE(manager_.start_worker("fails", "b", {}, {.restart = {.mode = restart_mode::never}}));
  const auto failed = manager_.wait_ready("b", 60s);
  // start() was entered before it threw, which is what ready = start means; either way nothing waits for ever.
  EXPECT_THAT(failed ? "cannot connect to the moon" : failed.error().message(),
              HasSubstr("cannot connect to the moon"));

  ASSERT_TRUE(
      manager_.start_worker("fails", "c", {{"where", "constructor"}}, {.restart = {.mode = restart_mode::never}}));
  const auto never = manager_.wait_ready("c", 60s);
  ASSERT_FALSE(never);
  EXPECT_THAT(never.error().message(), HasSubstr("cannot connect to the moon"));
  EXPECT_THAT(manager_.wait_ready("nobody", 1s).error().message(), HasSubstr("there is no such worker"));
}

TEST_F(life, not_ready_in_time_is_a_failure) {
  const auto record = end_of("ready_later", {{"file", folder_ / "never"}},
                             {.start_timeout = 20ms, .ready = lineshaft::ready_when::notify});
  EXPECT_EQ(record.reason, "was not ready within 20 ms");
  EXPECT_EQ(manager_.get_status("a").state, worker_state::failed);
}

// Crashes at each step, injected by name ------------------------------------------------------------------

TEST_F(life, a_crash_at_any_step_is_seen_and_leaves_nothing) {
  for (const char* step : {"worker.begin", "worker.construct", "worker.start", "worker.stop", "worker.exit"}) {
    const auto record = end_of("finishes", {}, {.env = {{"LINESHAFT_FAULTS", std::string(step) + "=SIGKILL"}}});
    EXPECT_EQ(record.code, -SIGKILL) << step;
    EXPECT_FALSE(record.success) << step;
    EXPECT_EQ(manager_.get_status("a").state, worker_state::failed) << step;
    EXPECT_TRUE(support::is_gone(record.pid)) << step;
    manager_.forget("a");
  }
}

TEST_F(life, restarts_after_a_crash_and_counts_the_generations) {
  lineshaft::start_options how;
  how.restart.delay = 1ms;
  ASSERT_TRUE(manager_.start_worker("runs", "a", {}, how));
  for (std::uint32_t generation = 1; generation <= 3; ++generation) {
    ASSERT_TRUE(eventually(
        [&] { return manager_.get_status("a").generation == generation && manager_.get_status("a").ready; }));
    ::kill(*manager_.get_status("a").pid, SIGKILL);
  }
  ASSERT_TRUE(eventually([&] { return manager_.get_status("a").generation == 4 && manager_.get_status("a").ready; }));
  const auto status = manager_.get_status("a");
  EXPECT_EQ(status.process_restarts, 3U);
  EXPECT_EQ(status.last_exit->reason, "killed by SIGKILL");
  EXPECT_EQ(status.last_exit->generation, 3U);
}

TEST_F(life, a_limit_ends_the_restarts_with_the_reason) {
  lineshaft::start_options how;
  how.restart.delay = 1ms;
  how.restart.limit = lineshaft::restart_limit{.count = 2, .window = 60s};
  ASSERT_TRUE(manager_.start_worker("dies", "a", {{"how", "exit3"}}, how));
  ASSERT_TRUE(eventually([&] { return manager_.get_status("a").state == worker_state::failed; }));
  EXPECT_EQ(manager_.get_status("a").error, "exited 3; not started again: 2 restarts in 60 s");
  EXPECT_EQ(manager_.exit_records("a").size(), 3U);
}

TEST_F(life, an_exit_that_the_program_around_reaps_itself_is_still_seen) {
  ::signal(SIGCHLD, SIG_IGN);  // the kernel reaps at once
  const auto record = end_of("dies", {{"how", "exit3"}});
  ::signal(SIGCHLD, SIG_DFL);
  EXPECT_TRUE(!record.code_known || record.code == 3) << record.reason;
}
