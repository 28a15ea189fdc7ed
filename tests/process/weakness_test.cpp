// Every weakness of the predecessor, by its number, gone. What each was stands in the test's name.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "children/classes.hpp"
#include "children/looks.hpp"
#include "support/eventually.hpp"
#include "support/files.hpp"
#include "support/processes.hpp"
#include "support/program.hpp"

using namespace std::chrono_literals;
using lineshaft::loop_state;
using lineshaft::process_manager;
using lineshaft::restart_mode;
using lineshaft::stop_outcome;
using lineshaft::worker_state;
using support::eventually;
using ::testing::HasSubstr;

namespace {

class weakness : public ::testing::Test {
 protected:
  pid_t start(const std::string& class_name, const std::string& name, boost::json::object options = {},
              lineshaft::start_options how = {.restart = {.mode = restart_mode::never}}) {
    const auto started = manager_.start_worker(class_name, name, std::move(options), std::move(how));
    EXPECT_TRUE(started) << started.error().message();
    return started.value_or(0);
  }
  pid_t start_ready(const std::string& class_name, const std::string& name, boost::json::object options = {}) {
    const auto pid = start(class_name, name, std::move(options));
    EXPECT_TRUE(manager_.wait_ready(name, 60s));
    return pid;
  }
  bool ends(const std::string& name) {
    return eventually([&] { return !manager_.get_status(name).alive && !manager_.exit_records(name).empty(); });
  }

  support::temporary_folder folder_;
  process_manager manager_{support::host()};
};

}  // namespace

TEST_F(weakness, n01_a_start_that_fails_is_noticed_and_says_why) {
  start("fails", "a");
  ASSERT_TRUE(ends("a"));
  EXPECT_EQ(manager_.get_status("a").state, worker_state::failed);
  EXPECT_EQ(manager_.get_status("a").error, "exited 70: cannot connect to the moon");
}

TEST_F(weakness, n02_the_exit_code_and_the_reason_reach_the_manager) {
  start("fails", "a", {{"where", "constructor"}});
  ASSERT_TRUE(ends("a"));
  EXPECT_EQ(manager_.exit_records("a").back().code, 70);
  EXPECT_EQ(manager_.exit_records("a").back().error, "cannot connect to the moon");
}

TEST_F(weakness, n03_the_status_is_the_newest_one) {
  start_ready("counts", "a");
  std::uint64_t last = 0;
  for (int reading = 0; reading < 20; ++reading) {
    ASSERT_TRUE(eventually([&] { return manager_.get_status("a").processed > last; }));
    last = manager_.get_status("a").processed;
  }
}

TEST_F(weakness, n04_reading_a_status_takes_nothing_away) {
  start_ready("counts", "a");
  ASSERT_TRUE(eventually([&] { return manager_.get_status("a").processed > 0; }));
  for (int reading = 0; reading < 100; ++reading) {
    const auto status = manager_.get_status("a");
    EXPECT_GT(status.processed, 0U);
    EXPECT_EQ(status.errors, 3U);
    EXPECT_TRUE(status.mdq_connected);
    EXPECT_TRUE(status.running);
  }
}

TEST_F(weakness, n05_a_dead_worker_does_not_report_as_if_it_lived) {
  const auto pid = start_ready("counts", "a");
  ASSERT_TRUE(eventually([&] { return manager_.get_status("a").errors == 3; }));
  ::kill(pid, SIGKILL);
  ASSERT_TRUE(ends("a"));
  const auto status = manager_.get_status("a");
  EXPECT_FALSE(status.alive);
  EXPECT_FALSE(status.running);
  EXPECT_FALSE(status.mdq_connected);
  EXPECT_FALSE(status.pid);
  EXPECT_EQ(status.generation, 1U);
  EXPECT_EQ(status.errors, 3U) << "its last figures stay readable";
}

TEST_F(weakness, n06_dead_workers_cannot_be_taken_for_healthy_ones) {
  start("fails", "a");
  start("dies", "b", {{"how", "kill"}});
  ASSERT_TRUE(ends("a") && ends("b"));
  for (const auto& status : manager_.get_all_status()) {
    EXPECT_EQ(status.state, worker_state::failed) << status.name;
    EXPECT_FALSE(status.alive || status.running || status.ready) << status.name;
    EXPECT_FALSE(status.error.empty()) << status.name;
  }
}

TEST_F(weakness, n07_a_crashed_worker_is_started_again_and_the_restarts_are_counted) {
  start("dies", "a", {{"how", "kill"}},
        {.restart = {.delay = 1ms, .limit = lineshaft::restart_limit{.count = 3, .window = 1h}}});
  ASSERT_TRUE(eventually([&] { return manager_.get_status("a").state == worker_state::failed; }));
  EXPECT_EQ(manager_.get_status("a").generation, 4U);
  EXPECT_EQ(manager_.get_status("a").process_restarts, 3U);
  EXPECT_EQ(manager_.get_status("a").restarts, 0U) << "the worker's own count is another one";
}

TEST_F(weakness, n08_all_stop_side_by_side_and_stop_runs_once) {
  // Each would use the whole budget: one after another they would need ten of it, and be killed late.
  for (int index = 0; index < 10; ++index) start_ready("never_stops", "n" + std::to_string(index), {{"file", ""}});
  const auto file = folder_ / "report";
  start_ready("reports", "r", {{"file", file}});
  const auto outcomes = manager_.stop_all(300ms);
  ASSERT_EQ(outcomes.size(), 11U);
  EXPECT_EQ(support::lines_of(file), (std::vector<std::string>{"made", "started", "stopped"}));
  EXPECT_EQ(outcomes.back().how, stop_outcome::clean);
  for (const auto& outcome : outcomes) {
    if (outcome.name == "r") continue;
    EXPECT_EQ(outcome.exit->reason, "killed: did not stop within 300 ms");
  }
}

TEST_F(weakness, n09_a_stop_that_never_ends_is_ended_and_told) {
  start_ready("never_stops", "a");
  const auto outcome = manager_.stop_process("a", 100ms);
  EXPECT_EQ(outcome.how, stop_outcome::killed);
  EXPECT_GE(outcome.took, 100ms);
  EXPECT_EQ(outcome.exit->reason, "killed: did not stop within 100 ms");
}

TEST_F(weakness, n10_an_idle_worker_is_not_woken) {
  const auto pid = start_ready("idle", "a");
  start_ready("counts", "clock");
  const auto switches = [pid] {
    std::ifstream status("/proc/" + std::to_string(pid) + "/status");
    for (std::string line; std::getline(status, line);) {
      if (line.starts_with("voluntary_ctxt_switches")) return line;
    }
    return std::string();
  };
  ASSERT_TRUE(
      eventually([&] { return support::state_of(pid) == 'S' && manager_.get_status("a").loop == loop_state::idle; }));
  const auto before = switches();
  const auto ticks = manager_.get_status("clock").processed;
  ASSERT_TRUE(eventually([&] { return manager_.get_status("clock").processed > ticks + 200; }));
  EXPECT_EQ(switches(), before);
}

TEST_F(weakness, n11_a_blocked_loop_is_seen_and_an_idle_one_is_not_taken_for_it) {
  start_ready("hangs", "stuck");
  start_ready("idle", "idle");
  ASSERT_TRUE(
      eventually([&] { return manager_.get_status("stuck").age > 50ms && manager_.get_status("idle").age > 50ms; }));
  EXPECT_EQ(manager_.get_status("stuck").loop, loop_state::busy);
  EXPECT_EQ(manager_.get_status("idle").loop, loop_state::idle);
  EXPECT_EQ(manager_.stop_process("stuck", 100ms).how, stop_outcome::killed);
}

TEST_F(weakness, n12_a_signal_at_any_moment_cannot_deadlock_the_worker) {
  const auto pid = start_ready("counts", "a");
  // While its loop turns as fast as it can: many signals, one graceful stop.
  for (int signal = 0; signal < 200; ++signal) ::kill(pid, SIGTERM);
  ASSERT_TRUE(ends("a"));
  EXPECT_EQ(manager_.exit_records("a").back().reason, "stopped by a signal from outside");
}

TEST_F(weakness, n13_a_name_in_use_is_refused_and_nobody_is_orphaned) {
  const auto pid = start_ready("runs", "a");
  const auto again = manager_.start_worker("runs", "a");
  ASSERT_FALSE(again);
  EXPECT_THAT(again.error().message(), HasSubstr("cannot start 'a': the name is in use"));
  EXPECT_EQ(manager_.get_status("a").pid, pid);
  manager_.stop_all(60s);
  EXPECT_TRUE(support::is_gone(pid));
}

TEST_F(weakness, n14_a_failed_start_does_not_spoil_the_stop_of_the_others) {
  start_ready("runs", "a");
  EXPECT_FALSE(manager_.start_worker("nonsense", "b"));
  EXPECT_FALSE(manager_.start_command("c", {"/no/such/program"}));
  start_ready("runs", "d");
  const auto outcomes = manager_.stop_all(60s);
  ASSERT_EQ(outcomes.size(), 2U);
  for (const auto& outcome : outcomes) EXPECT_EQ(outcome.how, stop_outcome::clean) << outcome.name;
}

TEST_F(weakness, n15_ended_workers_hold_nothing_and_can_be_forgotten) {
  start_ready("idle", "warm");
  const auto before = support::open_descriptors();
  for (int index = 0; index < 8; ++index) {
    const auto name = "a" + std::to_string(index);
    start_ready("idle", name);
    manager_.stop_process(name, 60s);
  }
  EXPECT_EQ(support::open_descriptors(), before);
  for (int index = 0; index < 8; ++index) EXPECT_TRUE(manager_.forget("a" + std::to_string(index)));
  EXPECT_EQ(manager_.get_all_status().size(), 1U);
}

TEST_F(weakness, n16_a_manager_that_goes_without_a_word_leaves_no_orphan) {
  // By SIGKILL: manager_death_test. Here: its program simply ends, with a worker that would run for ever.
  const auto command = std::string(MANAGER_PROGRAM) + " " + (folder_ / "") + " runs leave";
  FILE* output = ::popen(command.c_str(), "r");
  char line[256] = {};
  ASSERT_NE(std::fgets(line, sizeof line, output), nullptr);
  const auto pid = static_cast<pid_t>(std::strtol(line + 5, nullptr, 10));
  ::pclose(output);  // returns: the program does end
  EXPECT_TRUE(eventually([&] { return support::is_gone(pid); }));
}

TEST_F(weakness, n17_starts_work_in_a_program_full_of_threads_that_hold_locks) {
  std::atomic<bool> enough = false;
  std::mutex lock;
  std::vector<std::thread> threads;
  for (int index = 0; index < 8; ++index) {
    threads.emplace_back([&] {
      while (!enough) {
        const std::scoped_lock held(lock);
        std::vector<char> allocated(100'000);
        std::this_thread::yield();
      }
    });
  }
  for (int index = 0; index < 40; ++index) start_ready("runs", "w" + std::to_string(index));
  for (const auto& outcome : manager_.stop_all(60s)) EXPECT_EQ(outcome.how, stop_outcome::clean) << outcome.name;
  enough = true;
  for (auto& thread : threads) thread.join();
}

TEST_F(weakness, n18_what_is_counted_while_stopping_is_kept_with_how_it_ended) {
  start_ready("reports", "a", {{"file", folder_ / "report"}});
  const auto outcome = manager_.stop_process("a", 60s);
  ASSERT_TRUE(outcome.exit);
  EXPECT_EQ(outcome.exit->figures.processed, 1000U);
  EXPECT_EQ(manager_.get_status("a").processed, 1000U);
  EXPECT_EQ(outcome.exit->code, 0);
  EXPECT_TRUE(outcome.exit->success);
  EXPECT_GT(outcome.exit->max_resident_bytes, 0U);
}

TEST_F(weakness, n19_a_clean_stop_is_no_failure_and_a_metric_has_a_declared_name_and_kind) {
  start_ready("counts", "a");
  ASSERT_TRUE(eventually([&] { return manager_.get_status("a").metrics.contains("extra"); }));
  EXPECT_EQ(manager_.get_status("a").metrics.at("depth"), lineshaft::metric_value(1.5));
  const auto outcome = manager_.stop_process("a", 60s);
  EXPECT_EQ(outcome.exit->reason, "stopped");
  EXPECT_EQ(manager_.get_status("a").error, "");
}

TEST_F(weakness, n20_the_context_crosses_without_a_live_span_and_each_worker_has_an_identity) {
  const lineshaft::trace_context context{"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00", "", ""};
  const lineshaft::context_scope current(context);
  for (const char* name : {"a", "b"}) {
    const auto file = folder_ / name;
    start("looks", name, {{"file", file}});
    ASSERT_TRUE(eventually([&] { return support::facts_of(file).contains("end"); }));
    EXPECT_EQ(support::facts_of(file).at("TRACEPARENT"), context.traceparent);
    EXPECT_EQ(support::facts_of(file).at("LINESHAFT_WORKER"), name);
  }
}
