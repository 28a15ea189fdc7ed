// What users of other supervisors complain of (research/peers.md, section 2), by its number there: gone here.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <mutex>

#include "children/classes.hpp"
#include "support/eventually.hpp"
#include "support/files.hpp"
#include "support/processes.hpp"
#include "support/program.hpp"

using namespace std::chrono_literals;
using lineshaft::pipeline_end;
using lineshaft::process_manager;
using lineshaft::ready_when;
using lineshaft::restart_mode;
using lineshaft::stop_outcome;
using lineshaft::worker_of;
using lineshaft::worker_state;
using support::eventually;
using testing::HasSubstr;

namespace {

class complaint : public ::testing::Test {
 protected:
  static lineshaft::start_options once() { return {.restart = {.mode = restart_mode::never}}; }
  static lineshaft::start_options quickly(std::uint32_t limit) {
    return {.restart = {.mode = restart_mode::always,
                        .delay = 1ms,
                        .jitter = 0,
                        .limit = lineshaft::restart_limit{.count = limit, .window = 600s}}};
  }
  bool becomes(const std::string& name, worker_state state) {
    return eventually([&] { return manager_.get_status(name).state == state; });
  }

  support::temporary_folder folder_;
  process_manager manager_{support::host()};
};

}  // namespace

TEST_F(complaint, c01_a_stop_of_many_takes_as_long_as_the_longest) {
  for (int number = 0; number < 20; ++number) {
    ASSERT_TRUE(manager_.start_worker<children::idle>("w" + std::to_string(number), {}, {.stop_timeout = 3s}));
  }
  EXPECT_EQ(manager_.plan_stop().total, 3s) << "and not the sum of twenty";
}

TEST_F(complaint, c02_a_leader_that_is_gone_does_not_hide_its_child_that_ignores_the_signal) {
  const auto file = folder_ / "pid";
  ASSERT_TRUE(manager_.start_command(
      "a", {"sh", "-c", "(trap '' TERM; while :; do sleep 1000; done) & echo $! >" + file + "; wait"}));
  ASSERT_TRUE(eventually([&] { return !support::lines_of(file).empty(); }));
  const auto child = static_cast<pid_t>(std::stol(support::lines_of(file).front()));
  manager_.stop_process("a", 60s);
  EXPECT_TRUE(eventually([&] { return support::is_gone(child); }));
}

TEST_F(complaint, c04_c06_a_stop_ends_when_the_worker_has_gone_and_at_its_deadline_if_it_has_not) {
  ASSERT_TRUE(manager_.start_worker<children::idle>("idle"));
  ASSERT_TRUE(manager_.start_worker<children::never_stops>("hangs"));
  EXPECT_EQ(manager_.stop_process("idle", 24h).how, stop_outcome::clean);
  EXPECT_EQ(manager_.stop_process("hangs", 50ms).how, stop_outcome::killed);
}

TEST_F(complaint, c05_who_keeps_a_stop_waiting_is_said_by_name_while_it_waits_and_afterwards) {
  ASSERT_TRUE(manager_.start_worker<children::never_stops>("blocks", {folder_ / "stopping"}));
  ASSERT_TRUE(manager_.start_worker<children::idle>("leaves"));
  std::mutex mutex;
  std::vector<std::string> asked, ended;
  const auto heard = manager_.subscribe([&](const lineshaft::event& one) {
    const std::scoped_lock lock(mutex);
    if (one.kind == lineshaft::event_kind::stopping) asked.push_back(one.worker);
    if (one.kind == lineshaft::event_kind::exited) ended.push_back(one.worker);
  });
  auto stopping = std::async(std::launch::async, [&] { return manager_.stop_all(24h); });
  ASSERT_TRUE(becomes("leaves", worker_state::stopped));
  ASSERT_TRUE(becomes("blocks", worker_state::stopping));
  const auto so_far = [&](std::size_t many_asked, std::size_t many_ended) {
    const std::scoped_lock lock(mutex);
    return asked.size() == many_asked && ended.size() == many_ended;
  };
  ASSERT_TRUE(eventually([&] { return so_far(2, 1); }));
  EXPECT_THAT(ended, testing::ElementsAre("leaves"));
  EXPECT_THAT(asked, testing::UnorderedElementsAre("leaves", "blocks"));

  manager_.stop_process("blocks", 0ms);
  for (const auto& outcome : stopping.get()) {
    EXPECT_EQ(outcome.how, outcome.name == "blocks" ? stop_outcome::killed : stop_outcome::clean) << outcome.name;
    EXPECT_EQ(outcome.exit->reason.contains("did not stop within"), outcome.name == "blocks") << outcome.exit->reason;
  }
}

TEST_F(complaint, c07_what_waits_for_another_can_be_stopped_and_never_runs_untracked) {
  ASSERT_TRUE(manager_.start_pipeline(
      {.workers = {worker_of<children::ready_later>("a", {folder_ / "never"}, {.ready = ready_when::notify}),
                   worker_of<children::idle>("b", {}, {.after = {{"a"}}})}}));
  ASSERT_TRUE(becomes("b", worker_state::starting));
  manager_.stop_process("b");
  folder_.write("never", "");  // it is ready after all
  ASSERT_TRUE(manager_.wait_ready("a"));
  EXPECT_EQ(manager_.get_status("b").state, worker_state::stopped);
  EXPECT_EQ(manager_.get_status("b").generation, 0U);
}

TEST_F(complaint, c08_a_stop_of_everything_during_the_start_ends) {
  for (int round = 0; round < 20; ++round) {
    lineshaft::pipeline_spec spec;
    for (int number = 0; number < 10; ++number) {
      lineshaft::start_options how;
      if (number > 0) how.after = {{"w" + std::to_string(number - 1)}};
      spec.workers.push_back(worker_of<children::idle>("w" + std::to_string(number), {}, how));
    }
    ASSERT_TRUE(manager_.start_pipeline(spec));
    manager_.stop_all(60s);
    for (const auto& status : manager_.get_all_status()) EXPECT_EQ(status.state, worker_state::stopped) << status.name;
  }
}

TEST_F(complaint, c09_a_long_stop_of_one_keeps_nobody_else_waiting) {
  ASSERT_TRUE(manager_.start_worker<children::never_stops>("slow", {folder_ / "slow"}));
  auto stopping = std::async(std::launch::async, [&] { return manager_.stop_process("slow", 24h); });
  ASSERT_TRUE(eventually([&] { return !support::lines_of(folder_ / "slow").empty(); }));
  ASSERT_TRUE(manager_.start_worker<children::idle>("other"));
  ASSERT_TRUE(manager_.restart_worker("other"));
  EXPECT_EQ(manager_.stop_process("other", 60s).how, stop_outcome::clean);
  manager_.stop_process("slow", 0ms);  // and a second stop brings the first one forward
  EXPECT_EQ(stopping.get().how, stop_outcome::killed);
}

TEST_F(complaint, c14_c15_a_limit_counts_in_every_phase) {
  ASSERT_TRUE(manager_.start_worker<children::fails>("constructor", {.where = "constructor"}, quickly(2)));
  ASSERT_TRUE(manager_.start_worker<children::fails>("later", {.where = "later"}, quickly(2)));
  for (const auto* name : {"constructor", "later"}) {
    ASSERT_TRUE(becomes(name, worker_state::failed));
    EXPECT_EQ(manager_.get_status(name).generation, 3U);
    EXPECT_THAT(manager_.get_status(name).error, HasSubstr("not started again: 2 restarts in 600 s"));
  }
}

TEST_F(complaint, c18_the_loss_of_an_essential_worker_ends_the_pipeline) {
  auto essential = once();
  essential.essential = true;
  ASSERT_TRUE(manager_.start_pipeline(
      {.workers = {worker_of<children::dies>("a", {}, essential), worker_of<children::idle>("b")}}));
  EXPECT_EQ(manager_.wait_end(60s), pipeline_end::failed);
}

TEST_F(complaint, c19_restarts_are_counted_apart_by_their_cause) {
  ASSERT_TRUE(manager_.start_worker<children::idle>("a", {}, quickly(9)));
  ASSERT_TRUE(manager_.restart_worker("a"));
  ::kill(*manager_.get_status("a").pid, SIGKILL);
  ASSERT_TRUE(eventually([&] { return manager_.get_status("a").generation == 3; }));
  EXPECT_EQ(manager_.get_status("a").restarts_by, (lineshaft::restart_counts{.crash = 1, .asked = 1}));
}

TEST_F(complaint, c20_a_restart_waits_until_the_old_process_has_gone) {
  // Fails if the one before still holds the lock.
  const std::string command = "exec 9>" + (folder_ / "lock") + "; flock -n 9 || exit 3; sleep 1000";
  ASSERT_TRUE(manager_.start_command("a", {"sh", "-c", command}, once()));
  for (int round = 0; round < 20; ++round) ASSERT_TRUE(manager_.restart_worker("a"));
  for (const auto& record : manager_.exit_records("a")) EXPECT_NE(record.code, 3) << record.reason;
}

TEST_F(complaint, c22_a_worker_that_is_not_ready_in_time_has_failed) {
  auto how = once();
  how.ready = ready_when::notify;
  how.start_timeout = 50ms;
  ASSERT_TRUE(manager_.start_worker<children::ready_later>("a", {folder_ / "never"}, how));
  const auto ready = manager_.wait_ready("a");
  ASSERT_FALSE(ready);
  EXPECT_THAT(ready.error().message(), HasSubstr("was not ready within 50 ms"));
  EXPECT_TRUE(becomes("a", worker_state::failed));
}

TEST_F(complaint, c24_scaling_touches_nobody_else) {
  auto many = worker_of<children::idle>("p");
  many.replicas = 2;
  ASSERT_TRUE(manager_.start_pipeline({.workers = {many, worker_of<children::idle>("other")}}));
  for (const auto* name : {"p-0", "p-1", "other"}) ASSERT_TRUE(manager_.wait_ready(name));
  ASSERT_TRUE(manager_.scale("p", 5));
  ASSERT_TRUE(manager_.scale("p", 2));
  for (const auto* name : {"p-0", "p-1", "other"}) EXPECT_EQ(manager_.get_status(name).generation, 1U) << name;
}

TEST_F(complaint, c25_c28_a_hung_worker_is_seen_and_its_stack_is_kept_before_it_is_killed) {
  auto how = once();
  how.watchdog = {.timeout = 100ms};
  ASSERT_TRUE(manager_.start_worker<children::hangs>("a", {}, how));
  ASSERT_TRUE(becomes("a", worker_state::failed));
  EXPECT_THAT(manager_.exit_records("a").back().reason, HasSubstr("its event loop was stuck"));
  EXPECT_THAT(manager_.exit_records("a").back().stack, HasSubstr("pause"));
}

TEST_F(complaint, c29_every_death_is_explained) {
  ASSERT_TRUE(manager_.start_worker<children::dies>("a", {.how = "segfault"}, once()));
  ASSERT_TRUE(becomes("a", worker_state::failed));
  const auto record = manager_.exit_records("a").back();
  EXPECT_EQ(record.code, -SIGSEGV);
  EXPECT_THAT(record.reason, HasSubstr("killed by SIGSEGV"));
  EXPECT_GT(record.max_resident_bytes, 0U);
}
