// Stopping: one deadline, everything side by side, and nothing left.
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
using lineshaft::worker_state;
using support::eventually;

namespace {

class stop : public ::testing::Test {
 protected:
  pid_t start(const std::string& class_name, const std::string& name, boost::json::object options = {},
              lineshaft::start_options how = {}) {
    const auto started = manager_.start_worker(class_name, name, std::move(options), how);
    EXPECT_TRUE(started) << started.error().message();
    EXPECT_TRUE(manager_.wait_ready(name, 60s));
    return started.value_or(0);
  }

  support::temporary_folder folder_;
  process_manager manager_{support::host()};
};

}  // namespace

TEST_F(stop, cancels_start_and_runs_stop_once_and_keeps_the_last_counters) {
  const auto file = folder_ / "report";
  const auto pid = start("reports", "a", {{"file", file}});
  const auto outcome = manager_.stop_process("a", 60s);
  EXPECT_EQ(outcome.how, stop_outcome::clean);
  ASSERT_TRUE(outcome.exit);
  EXPECT_EQ(outcome.exit->code, 0);
  EXPECT_EQ(outcome.exit->reason, "stopped");
  EXPECT_EQ(support::lines_of(file), (std::vector<std::string>{"made", "started", "stopped"}));
  const auto status = manager_.get_status("a");
  EXPECT_FALSE(status.alive);
  EXPECT_FALSE(status.running);
  EXPECT_EQ(status.processed, 1000U) << "what stop() counted";
  EXPECT_EQ(status.state, worker_state::stopped);
  EXPECT_TRUE(support::is_gone(pid));
}

TEST_F(stop, by_a_signal_to_the_worker_is_the_same) {
  for (const int signal : {SIGTERM, SIGINT}) {
    const auto file = folder_ / std::to_string(signal);
    const auto pid = start("reports", "a", {{"file", file}});
    ::kill(pid, signal);
    ASSERT_TRUE(eventually([&] { return manager_.get_status("a").state == worker_state::stopped; }));
    EXPECT_EQ(support::lines_of(file).back(), "stopped");
    EXPECT_EQ(manager_.exit_records("a").back().reason, "stopped by a signal from outside");
  }
}

TEST_F(stop, of_a_hung_worker_kills_it_at_the_deadline) {
  const auto pid = start("hangs", "a");
  const auto outcome = manager_.stop_process("a", 50ms);
  EXPECT_EQ(outcome.how, stop_outcome::killed);
  EXPECT_EQ(outcome.exit->reason, "killed: did not stop within 50 ms");
  EXPECT_EQ(outcome.exit->code, -SIGKILL);
  EXPECT_TRUE(support::is_gone(pid));
}

TEST_F(stop, that_never_ends_inside_the_worker_is_ended_at_the_deadline) {
  const auto file = folder_ / "report";
  start("never_stops", "a", {{"file", file}});
  const auto outcome = manager_.stop_process("a", 100ms);
  EXPECT_EQ(outcome.how, stop_outcome::killed);
  EXPECT_EQ(support::lines_of(file), std::vector<std::string>{"stopping"}) << "it was asked first";
}

TEST_F(stop, of_a_worker_that_is_stopped_by_a_signal_lets_it_go_on_and_leave) {
  const auto pid = start("runs", "a");
  ::kill(pid, SIGSTOP);
  ASSERT_TRUE(eventually([&] { return support::state_of(pid) == 'T'; }));
  EXPECT_EQ(manager_.stop_process("a", 60s).how, stop_outcome::clean);
}

TEST_F(stop, kills_what_the_worker_has_started) {
  const auto file = folder_ / "report";
  start("has_grandchild", "a", {{"file", file}});
  ASSERT_TRUE(eventually([&] { return !support::lines_of(file).empty(); }));
  const auto grandchild = static_cast<pid_t>(std::stol(support::lines_of(file).front()));
  EXPECT_EQ(manager_.stop_process("a", 60s).how, stop_outcome::clean);
  EXPECT_TRUE(eventually([&] { return support::is_gone(grandchild); }));
}

TEST_F(stop, of_what_does_not_run_is_nothing_to_do) {
  EXPECT_EQ(manager_.stop_process("nobody").how, stop_outcome::not_running);
  start("idle", "a");
  manager_.stop_process("a");
  EXPECT_EQ(manager_.stop_process("a").how, stop_outcome::not_running);
}

TEST_F(stop, all_side_by_side_under_one_deadline) {
  for (int index = 0; index < 10; ++index) start(index % 2 == 0 ? "idle" : "hangs", "w" + std::to_string(index));
  const auto outcomes = manager_.stop_all(200ms);
  ASSERT_EQ(outcomes.size(), 10U);
  for (const auto& outcome : outcomes) {
    const bool hung = (outcome.name.back() - '0') % 2 == 1;
    EXPECT_EQ(outcome.how, hung ? stop_outcome::killed : stop_outcome::clean) << outcome.name;
  }
  EXPECT_TRUE(eventually([&] { return support::children() == 1; })) << "the fork server";
}

TEST_F(stop, while_it_starts_is_defined) {
  for (int round = 0; round < 20; ++round) {
    std::thread starter([&] { (void)manager_.start_worker("reports", "a", {{"file", folder_ / "report"}}); });
    while (manager_.get_status("a").generation == 0) std::this_thread::yield();
    const auto outcome = manager_.stop_process("a", 60s);
    starter.join();
    manager_.stop_process("a", 60s);
    EXPECT_NE(outcome.how, stop_outcome::killed);
    EXPECT_FALSE(manager_.get_status("a").alive);
    manager_.forget("a");
  }
}

TEST_F(stop, twice_at_once_from_two_threads_answers_both) {
  start("never_stops", "a");
  stop_outcome first, second;
  std::thread one([&] { first = manager_.stop_process("a", 150ms); });
  std::thread two([&] { second = manager_.stop_process("a", 100ms); });
  one.join();
  two.join();
  EXPECT_EQ(first.how, stop_outcome::killed);
  EXPECT_EQ(second.how, stop_outcome::killed);
  EXPECT_EQ(manager_.exit_records("a").size(), 1U);
}

TEST_F(stop, of_a_worker_that_is_just_dying_answers) {
  for (int round = 0; round < 20; ++round) {
    const auto pid = start("runs", "a", {}, {.restart = {.mode = restart_mode::never}});
    ::kill(pid, SIGKILL);
    const auto outcome = manager_.stop_process("a", 60s);
    EXPECT_NE(outcome.how, stop_outcome::killed);
    EXPECT_TRUE(eventually([&] { return !manager_.get_status("a").alive; }));
  }
}

TEST_F(stop, that_meets_a_crash_at_any_of_its_steps_answers_at_once_and_starts_nothing_again) {
  for (const char* step : {"worker.stop", "worker.exit"}) {
    for (const char* how : {"SIGKILL", "SIGABRT"}) {
      SCOPED_TRACE(std::string(step) + '=' + how);
      start("runs", "a", {},
            {.restart = {.mode = restart_mode::always, .delay = 0ms},
             .env = {{"LINESHAFT_FAULTS", std::string(step) + '=' + how}}});
      const auto outcome = manager_.stop_process("a", 60s);
      EXPECT_EQ(outcome.how, stop_outcome::clean) << "nobody had to kill it";
      ASSERT_TRUE(outcome.exit);
      EXPECT_THAT(outcome.exit->reason, ::testing::StartsWith(std::string("killed by ") + how));
      EXPECT_EQ(manager_.get_status("a").state, worker_state::stopped);
      EXPECT_EQ(manager_.exit_records("a").back().code, outcome.exit->code);
      ASSERT_TRUE(manager_.forget("a"));
    }
  }
}

TEST_F(stop, ends_a_backoff) {
  ASSERT_TRUE(manager_.start_worker("dies", "a", {{"how", "exit3"}}, {.restart = {.delay = 1h, .max_delay = 1h}}));
  ASSERT_TRUE(eventually([&] { return manager_.get_status("a").state == worker_state::backoff; }));
  EXPECT_EQ(manager_.stop_process("a").how, stop_outcome::not_running);
  EXPECT_EQ(manager_.get_status("a").state, worker_state::stopped);
}

TEST_F(stop, of_a_program_sends_sigterm_and_then_kills_its_group) {
  ASSERT_TRUE(manager_.start_command("polite", {"sleep", "1000"}));
  EXPECT_EQ(manager_.stop_process("polite", 60s).how, stop_outcome::clean);
  const auto deaf = folder_ / "deaf";
  ASSERT_TRUE(
      manager_.start_command("rude", {"sh", "-c", "trap '' TERM; : >" + deaf + "; while :; do sleep 1000; done"}));
  ASSERT_TRUE(eventually([&] { return std::filesystem::exists(deaf); }));
  const auto outcome = manager_.stop_process("rude", 200ms);
  EXPECT_EQ(outcome.how, stop_outcome::killed);
  EXPECT_TRUE(eventually([&] { return support::children() == 1; }));
}

TEST_F(stop, a_stopped_worker_holds_no_descriptor_and_its_name_can_be_used_again) {
  start("idle", "warm");
  const auto before = support::open_descriptors();
  start("idle", "a");
  EXPECT_GT(support::open_descriptors(), before);
  manager_.stop_process("a");
  EXPECT_EQ(support::open_descriptors(), before);
  start("runs", "a");
  EXPECT_EQ(manager_.get_status("a").generation, 2U);
  EXPECT_EQ(manager_.exit_records("a").size(), 1U);
  EXPECT_FALSE(manager_.forget("a")) << "it runs";
  manager_.stop_process("a");
  EXPECT_TRUE(manager_.forget("a"));
  EXPECT_EQ(manager_.get_status("a").generation, 0U);
  EXPECT_FALSE(manager_.forget("a"));
}

TEST_F(stop, restart_makes_the_next_generation) {
  const auto pid = start("runs", "a");
  const auto again = manager_.restart_worker("a");
  ASSERT_TRUE(again) << again.error().message();
  EXPECT_NE(*again, pid);
  EXPECT_TRUE(support::is_gone(pid));
  EXPECT_EQ(manager_.get_status("a").generation, 2U);
  EXPECT_EQ(manager_.get_status("a").process_restarts, 1U);
  EXPECT_FALSE(manager_.restart_worker("nobody"));
}

TEST(manager, stops_everything_when_it_is_destroyed) {
  pid_t pid = 0;
  {
    process_manager manager(support::host());
    pid = manager.start_worker("runs", "a").value();
    ASSERT_TRUE(manager.start_worker("hangs", "b", {}, {.stop_timeout = 50ms}));
  }
  EXPECT_TRUE(support::is_gone(pid));
  EXPECT_EQ(support::children_of("self").size(), 0U);
}
