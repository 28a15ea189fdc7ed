// Workers that wait for each other, stand and fall together, and are many of one kind.
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
using lineshaft::event_kind;
using lineshaft::pipeline_end;
using lineshaft::process_manager;
using lineshaft::program_of;
using lineshaft::ready_when;
using lineshaft::restart_mode;
using lineshaft::start_condition;
using lineshaft::worker_of;
using lineshaft::worker_state;
using support::eventually;
using testing::ElementsAre;

namespace {

lineshaft::start_options quick() {
  lineshaft::start_options how;
  how.restart.delay = 1ms;
  how.restart.jitter = 0;
  return how;
}

lineshaft::start_options after(std::string on, start_condition when = start_condition::ready) {
  auto how = quick();
  how.after.push_back({std::move(on), when});
  return how;
}

class pipeline : public ::testing::Test {
 protected:
  void start(lineshaft::pipeline_spec spec) {
    const auto accepted = manager_.start_pipeline(std::move(spec));
    ASSERT_TRUE(accepted) << accepted.error().message();
  }
  bool is(const std::string& name, worker_state state) { return manager_.get_status(name).state == state; }
  bool becomes(const std::string& name, worker_state state) {
    return eventually([&] { return is(name, state); });
  }
  std::vector<std::string> names() {
    std::vector<std::string> all;
    for (const auto& status : manager_.get_all_status()) all.push_back(status.name);
    return all;
  }
  /// "exited b", in the order in which they came.
  std::vector<std::string> told(std::initializer_list<event_kind> kinds) {
    const std::scoped_lock lock(mutex_);
    std::vector<std::string> lines;
    for (const auto& one : events_) {
      if (std::ranges::contains(kinds, one.kind)) lines.push_back(std::string(to_string(one.kind)) + " " + one.worker);
    }
    return lines;
  }

  support::temporary_folder folder_;
  std::mutex mutex_;
  std::vector<lineshaft::event> events_;
  process_manager manager_{support::host()};
  lineshaft::subscription subscription_ = manager_.subscribe([this](const lineshaft::event& one) {
    const std::scoped_lock lock(mutex_);
    events_.push_back(one);
  });
};

}  // namespace

TEST_F(pipeline, a_worker_is_launched_when_what_it_waits_for_is_ready_and_stopped_before_it) {
  auto first = quick();
  first.ready = ready_when::notify;
  start({.workers = {worker_of<children::ready_later>("a", {folder_ / "ready"}, first),
                     worker_of<children::idle>("b", {}, after("a"))}});
  ASSERT_TRUE(eventually([&] { return manager_.get_status("a").alive; }));
  EXPECT_EQ(manager_.get_status("b").state, worker_state::starting);
  EXPECT_EQ(manager_.get_status("b").generation, 0U) << "no process yet";
  folder_.write("ready", "");
  ASSERT_TRUE(manager_.wait_ready("b"));
  manager_.stop_all(60s);
  ASSERT_TRUE(eventually([&] { return told({event_kind::exited}).size() == 2; }));
  EXPECT_THAT(told({event_kind::started, event_kind::stopping, event_kind::exited}),
              ElementsAre("started a", "started b", "stopping b", "exited b", "stopping a", "exited a"));
}

TEST_F(pipeline, readiness_that_is_lost_holds_back_only_what_is_launched_meanwhile) {
  folder_.write("ready", "");
  auto first = quick();
  first.ready = ready_when::notify;
  start({.workers = {worker_of<children::ready_while>("a", {folder_ / "ready"}, first),
                     worker_of<children::idle>("b", {}, after("a"))}});
  ASSERT_TRUE(manager_.wait_ready("b"));
  std::filesystem::remove(folder_ / "ready");
  ASSERT_TRUE(eventually([&] { return !manager_.get_status("a").ready; }));
  EXPECT_TRUE(is("a", worker_state::running));
  EXPECT_TRUE(is("b", worker_state::running));
  auto late =
      std::async(std::launch::async, [&] { return manager_.start_worker<children::idle>("late", {}, after("a")); });
  ASSERT_TRUE(becomes("late", worker_state::starting));
  EXPECT_FALSE(manager_.get_status("late").alive);
  folder_.write("ready", "");
  EXPECT_TRUE(late.get());
}

TEST_F(pipeline, what_waits_for_others_can_be_stopped_and_its_caller_is_told) {
  start({.workers = {worker_of<children::ready_while>("a", {folder_ / "never"},
                                                      [] {
                                                        auto how = quick();
                                                        how.ready = ready_when::notify;
                                                        return how;
                                                      }()),
                     worker_of<children::idle>("b", {}, after("a"))}});
  auto waits =
      std::async(std::launch::async, [&] { return manager_.start_worker<children::idle>("c", {}, after("b")); });
  ASSERT_TRUE(becomes("c", worker_state::starting));
  EXPECT_EQ(manager_.stop_process("c").how, lineshaft::stop_outcome::not_running);
  const auto answer = waits.get();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().message(), "cannot start 'c': it was stopped first: Operation canceled");
  EXPECT_THAT(names(), ElementsAre("a", "b")) << "a first start that failed leaves no record";
}

TEST_F(pipeline, after_completion_waits_for_success) {
  start({.workers = {worker_of<children::task>("prepare", {}, {.kind = lineshaft::worker_kind::task}),
                     worker_of<children::task>(
                         "broken", {.fail = true},
                         {.restart = {.mode = restart_mode::never}, .kind = lineshaft::worker_kind::task}),
                     worker_of<children::idle>("a", {}, after("prepare", start_condition::completed)),
                     worker_of<children::idle>("b", {}, after("broken", start_condition::completed))}});
  ASSERT_TRUE(manager_.wait_ready("a"));
  ASSERT_TRUE(becomes("broken", worker_state::failed));
  EXPECT_FALSE(manager_.get_status("b").alive);
}

TEST_F(pipeline, nothing_is_started_of_one_that_cannot_work) {
  const struct {
    std::vector<lineshaft::worker_spec> workers;
    const char* problem;
  } rows[] = {
      {{worker_of<children::idle>("a", {}, after("x"))}, "cannot start 'a' after 'x': there is no worker of that name"},
      {{worker_of<children::idle>("a", {}, after("b")), worker_of<children::idle>("b", {}, after("a"))},
       "cannot start 'a': it waits for itself: a → b → a"},
      {{worker_of<children::idle>("a"), worker_of<children::idle>("a")},
       "cannot start 'a': the name is in use: File exists"},
      {{worker_of<children::idle>("a"), program_of("b", {})}, "cannot start 'b': a command needs a program to run"},
      {{worker_of<children::idle>("a", {}, {.group = "g"})}, "cannot start 'a': there is no group 'g'"},
  };
  for (const auto& row : rows) {
    const auto refused = manager_.start_pipeline({.workers = row.workers});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message(), row.problem);
    EXPECT_THAT(names(), ElementsAre());
  }
}

TEST_F(pipeline, a_group_of_one_for_all_is_started_again_as_a_whole) {
  auto member = quick();
  member.group = "g";
  start({.groups = {{.name = "g", .strategy = lineshaft::group_strategy::one_for_all}},
         .workers = {worker_of<children::idle>("a", {}, member), worker_of<children::idle>("b", {}, member),
                     worker_of<children::idle>("alone", {}, quick())}});
  for (const auto* name : {"a", "b", "alone"}) ASSERT_TRUE(manager_.wait_ready(name));
  ::kill(*manager_.get_status("a").pid, SIGKILL);
  for (const auto* name : {"a", "b"}) {
    ASSERT_TRUE(
        eventually([&] { return manager_.get_status(name).generation == 2 && manager_.get_status(name).ready; }));
  }
  EXPECT_EQ(manager_.get_status("a").restarts_by, lineshaft::restart_counts{.crash = 1});
  EXPECT_EQ(manager_.get_status("b").restarts_by, lineshaft::restart_counts{.group = 1});
  EXPECT_EQ(manager_.exit_records("b").back().reason, "stopped: another of its group is started again");
  EXPECT_EQ(manager_.get_status("alone").generation, 1U);
}

TEST_F(pipeline, a_group_beyond_its_limit_has_failed_as_a_whole) {
  auto member = quick();
  member.group = "g";
  auto dies = member;
  start({.groups = {{.name = "g", .limit = lineshaft::restart_limit{.count = 2, .window = 600s}}},
         .workers = {worker_of<children::idle>("a", {}, member), worker_of<children::dies>("b", {}, dies),
                     worker_of<children::idle>("alone", {}, quick())}});
  ASSERT_TRUE(becomes("a", worker_state::failed));
  ASSERT_TRUE(becomes("b", worker_state::failed));
  EXPECT_EQ(manager_.get_status("b").generation, 3U);
  EXPECT_TRUE(manager_.wait_ready("alone"));
  EXPECT_THAT(manager_.get_status("a").error, testing::HasSubstr("group 'g': 2 restarts in 600 s"));
}

TEST_F(pipeline, the_final_failure_of_an_essential_worker_stops_everything) {
  start({.workers = {
             worker_of<children::fails>("listener", {}, {.restart = {.mode = restart_mode::never}, .essential = true}),
             worker_of<children::idle>("a"), worker_of<children::idle>("b")}});
  EXPECT_EQ(manager_.wait_end(60s), pipeline_end::failed);
  for (const auto& status : manager_.get_all_status()) EXPECT_FALSE(status.alive) << status.name;
  EXPECT_TRUE(is("listener", worker_state::failed));
}

TEST_F(pipeline, the_failure_of_an_essential_group_stops_everything) {
  auto member = quick();
  member.group = "g";
  start({.groups = {{.name = "g", .limit = lineshaft::restart_limit{.count = 2, .window = 600s}, .essential = true}},
         .workers = {worker_of<children::dies>("a", {}, member), worker_of<children::idle>("alone")}});
  EXPECT_EQ(manager_.wait_end(60s), pipeline_end::failed);
  EXPECT_TRUE(is("alone", worker_state::stopped));
}

TEST_F(pipeline, ends_when_its_tasks_are_done) {
  start({.workers = {worker_of<children::task>("a", {}, {.kind = lineshaft::worker_kind::task}),
                     worker_of<children::task>("b", {}, {.kind = lineshaft::worker_kind::task})}});
  EXPECT_EQ(manager_.wait_end(60s), pipeline_end::ended);
  EXPECT_TRUE(is("a", worker_state::completed));
}

TEST_F(pipeline, replicas_come_and_go_without_touching_the_others) {
  auto many = worker_of<children::idle>("p");
  many.replicas = 2;
  start({.workers = {many, worker_of<children::idle>("other")}});
  ASSERT_TRUE(manager_.wait_ready("p-1"));
  const auto first = manager_.get_status("p-0").pid;
  ASSERT_TRUE(manager_.scale("p", 4));
  EXPECT_THAT(names(), ElementsAre("other", "p-0", "p-1", "p-2", "p-3"));
  ASSERT_TRUE(manager_.scale("p", 1));
  EXPECT_TRUE(eventually([&] { return names() == std::vector<std::string>{"other", "p-0"}; }));
  EXPECT_EQ(manager_.get_status("p-0").pid, first);
  EXPECT_EQ(manager_.get_status("p-0").generation, 1U);
  EXPECT_EQ(manager_.scale("other", 2).error().message(),
            "cannot scale 'other': there is no worker of that name with replicas");
  EXPECT_TRUE(eventually([&] { return told({event_kind::scaled}).size() == 2; }));
  EXPECT_THAT(told({event_kind::scaled}), ElementsAre("scaled p", "scaled p"));
}

TEST_F(pipeline, that_is_refused_names_nothing) {
  const support::temporary_folder folder;
  EXPECT_FALSE(manager_.start_pipeline(
      {.name = "refused", .workers = {worker_of<children::idle>("a"), worker_of<children::idle>("a")}}));
  ASSERT_TRUE(manager_.start_command("a", {"sh", "-c", "env > " + (folder / "env")}));
  ASSERT_TRUE(becomes("a", worker_state::completed));
  for (const auto& line : support::lines_of(folder / "env")) EXPECT_FALSE(line.contains("refused")) << line;
}

TEST_F(pipeline, rest_for_one_starts_those_again_that_were_declared_after_the_dead_one) {
  auto member = quick();
  member.group = "g";
  start({.groups = {{.name = "g", .strategy = lineshaft::group_strategy::rest_for_one}},
         .workers = {worker_of<children::idle>("a", {}, member), worker_of<children::idle>("b", {}, member),
                     worker_of<children::idle>("c", {}, member)}});
  const auto all_at = [&](std::uint32_t a, std::uint32_t b, std::uint32_t c) {
    const auto is_at = [&](const char* name, std::uint32_t generation) {
      const auto status = manager_.get_status(name);
      return status.ready && status.generation == generation;
    };
    return eventually([&] { return is_at("a", a) && is_at("b", b) && is_at("c", c); });
  };
  ASSERT_TRUE(all_at(1, 1, 1));
  ::kill(*manager_.get_status("b").pid, SIGKILL);
  ASSERT_TRUE(all_at(1, 2, 2));
  EXPECT_EQ(manager_.get_status("c").restarts_by, lineshaft::restart_counts{.group = 1});
  EXPECT_EQ(manager_.exit_records("c").back().reason, "stopped: another of its group is started again");
  ::kill(*manager_.get_status("c").pid, SIGKILL);
  ASSERT_TRUE(all_at(1, 2, 3));
  ::kill(*manager_.get_status("a").pid, SIGKILL);
  ASSERT_TRUE(all_at(2, 3, 4));
}

TEST_F(pipeline, a_rolling_restart_has_each_ready_before_the_next) {
  auto many = worker_of<children::idle>("p");
  many.replicas = 3;
  start({.workers = {many}});
  for (const auto* name : {"p-0", "p-1", "p-2"}) ASSERT_TRUE(manager_.wait_ready(name));
  const auto rolled = manager_.restart_rolling("p");
  ASSERT_TRUE(rolled) << rolled.error().message();
  ASSERT_TRUE(eventually([&] { return told({event_kind::ready}).size() == 6; }));
  const auto order = told({event_kind::stopping, event_kind::ready});
  EXPECT_EQ(std::vector(order.begin() + 3, order.end()),
            (std::vector<std::string>{"stopping p-0", "ready p-0", "stopping p-1", "ready p-1", "stopping p-2",
                                      "ready p-2"}));
  EXPECT_EQ(manager_.get_status("p-2").restarts_by, lineshaft::restart_counts{.asked = 1});
}

TEST_F(pipeline, a_changed_worker_that_does_not_become_ready_is_rolled_back) {
  auto many = worker_of<children::idle>("p", {}, quick());
  many.replicas = 2;
  start({.workers = {many}});
  for (const auto* name : {"p-0", "p-1"}) ASSERT_TRUE(manager_.wait_ready(name));
  const auto untouched = manager_.get_status("p-1").pid;
  const auto rolled = manager_.restart_rolling("p", worker_of<children::fails>("p", {.where = "constructor"}, quick()));
  ASSERT_FALSE(rolled);
  EXPECT_EQ(rolled.error().message(),
            "'p-0' did not become ready: exited 70: cannot connect to the moon; all are what they were before");
  ASSERT_TRUE(manager_.wait_ready("p-0"));
  EXPECT_EQ(manager_.get_status("p-0").restarts_by.reload, 2U);
  EXPECT_EQ(manager_.get_status("p-1").pid, untouched);
  ASSERT_TRUE(manager_.scale("p", 3));
  EXPECT_TRUE(manager_.wait_ready("p-2")) << "later replicas are what they were before, too";
}

TEST_F(pipeline, the_worst_case_of_a_stop_is_known_beforehand) {
  auto last = after("a");
  last.stop_timeout = 3s;
  start({.workers = {worker_of<children::idle>("a", {}, {.stop_timeout = 5s}),
                     worker_of<children::idle>("b", {}, last)}});
  const auto plan = manager_.plan_stop();
  ASSERT_EQ(plan.workers.size(), 2U);
  EXPECT_EQ(plan.workers[0].name, "b");
  EXPECT_EQ(plan.workers[0].begins, 0s);
  EXPECT_EQ(plan.workers[0].at_most, 3s);
  EXPECT_EQ(plan.workers[1].name, "a");
  EXPECT_EQ(plan.workers[1].begins, 3s);
  EXPECT_EQ(plan.total, 8s);
}

TEST_F(pipeline, the_next_attempt_can_be_seen) {
  start({.workers = {worker_of<children::dies>("a", {}, {.restart = {.delay = 1h, .max_delay = 1h, .jitter = 0}})}});
  ASSERT_TRUE(becomes("a", worker_state::backoff));
  const auto status = manager_.get_status("a");
  ASSERT_TRUE(status.next_start);
  EXPECT_GT(*status.next_start, 50min);
  EXPECT_LE(*status.next_start, 1h);
  manager_.stop_process("a");
  EXPECT_FALSE(manager_.get_status("a").next_start);
}

TEST_F(pipeline, events_have_no_gap_and_a_slow_subscriber_is_told_what_it_missed) {
  std::promise<void> go;
  auto gone = go.get_future().share();
  std::vector<lineshaft::event> slow;
  {
    const auto one_at_a_time = manager_.subscribe(
        [&](const lineshaft::event& one) {
          gone.wait();
          slow.push_back(one);
        },
        2);
    for (int round = 0; round < 5; ++round) {
      ASSERT_TRUE(manager_.start_worker<children::idle>("a"));
      manager_.stop_process("a", 60s);
    }
    go.set_value();
    ASSERT_TRUE(manager_.start_worker<children::idle>("b"));
  }
  ASSERT_TRUE(eventually([&] { return std::ranges::contains(told({event_kind::started}), "started b"); }));
  const std::scoped_lock lock(mutex_);
  for (std::size_t i = 0; i < events_.size(); ++i) EXPECT_EQ(events_[i].seq, i + 1);
  const auto dropped = std::ranges::find(slow, event_kind::dropped, &lineshaft::event::kind);
  ASSERT_NE(dropped, slow.end());
  EXPECT_EQ(dropped->cause, std::to_string(dropped->seq - (dropped - 1)->seq) + " events");
  if (dropped + 1 != slow.end()) {
    EXPECT_EQ((dropped + 1)->seq, dropped->seq + 1);
  }
}
