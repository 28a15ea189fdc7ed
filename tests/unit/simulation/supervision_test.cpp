// Commands and what becomes of them, where others are not there, do not end, or are asked twice.
#include "simulation/directed.hpp"

using namespace simulation;

namespace {

class supervision : public directed {};

}  // namespace

TEST_F(supervision, a_start_is_answered_though_what_it_waits_for_does_not_come) {
  plays_["a"].ready.reset();
  auto waits = one("b", {{"a", start_condition::ready}});
  ASSERT_TRUE(start({.workers = {one("a"), waits}}));
  heard<result<pid_t>> started, restarted;
  core_.start_again("b", started);
  core_.restart("b", "test", restarted);
  world_.run_for(5s);
  EXPECT_EQ(started.text(), "cannot start 'b': what it waits for did not come");
  EXPECT_EQ(restarted.text(), started.text());
  EXPECT_EQ(state("b"), worker_state::starting) << "it is still to come";
  plays_["a"].ready = 0s;
  core_.restart("a", "test", [](const auto&) {});
  world_.run_for(1s);
  EXPECT_TRUE(of("b").ready);
}

TEST_F(supervision, a_first_start_that_waits_in_vain_leaves_nothing_behind) {
  ASSERT_TRUE(start({.workers = {one("a")}}));
  core_.stop("a", {world_.now(), world_.now()}, [](const auto&) {});
  heard<result<pid_t>> started;
  core_.start(member(one("b", {{"a", start_condition::ready}})).model, started);
  world_.run_for(5s);
  EXPECT_EQ(started.text(), "cannot start 'b': what it waits for did not come");
  EXPECT_EQ(directory_.find("b"), nullptr);
}

TEST_F(supervision, a_process_that_cannot_be_killed_keeps_nobody_waiting) {
  plays_["a"] = {.leaves = {}, .unkillable = true};
  ASSERT_TRUE(start({.workers = {one("a")}}));
  world_.run_for(1s);
  heard<stop_outcome> stopped;
  heard<result<pid_t>> restarted;
  heard<result<>> ready;
  core_.restart("a", "test", restarted);
  core_.stop("a", {world_.now(), world_.now() + 1s}, stopped);
  world_.run_for(10ms);
  core_.wait_ready("a", {}, ready);
  world_.run_for(1s + policy::vanishing);
  EXPECT_EQ(restarted.text(), "cannot start 'a': its last process was killed, and does not end");
  ASSERT_TRUE(stopped.came());
  EXPECT_EQ(stopped.get().how, stop_outcome::killed);
  EXPECT_FALSE(stopped.get().exit) << "it has none yet";
  EXPECT_FALSE(ready.text().empty());
  EXPECT_EQ(state("a"), worker_state::stopping);
}

TEST_F(supervision, scaling_up_is_answered_where_a_process_is_back_already) {
  auto many = one("p");
  many.replicas = 3;
  plays_["p-2"].leaves = 1s;
  ASSERT_TRUE(start({.workers = {many}}));
  world_.run_for(1s);
  heard<result<>> down, up;
  core_.scale("p", 2, "test", down);
  core_.restart("p-2", "test", [](const auto&) {});
  world_.run_for(5s);
  EXPECT_EQ(down.text(), "");
  ASSERT_TRUE(of("p-2").alive);
  core_.scale("p", 3, "test", up);
  world_.run_for(5s);
  EXPECT_EQ(up.text(), "");
}

TEST_F(supervision, a_rolling_restart_goes_back_one_by_one_and_says_so_when_it_is_true) {
  auto many = one("p");
  many.replicas = 4;
  for (int number = 0; number < 4; ++number) plays_[std::format("p-{}", number)].ready = 1s;
  ASSERT_TRUE(start({.workers = {many}}));
  world_.run_for(2s);
  plays_["p-3 2"].ready.reset();  // the new one of the last
  auto changed = member(many).model;
  changed.options = "new";
  heard<result<>> rolled;
  core_.restart_rolling("p", changed, "test", rolled);
  std::size_t fewest = 4;
  std::set<std::string> back;
  world_.on_launch = [&](const auto& request) {
    if (request.image.options.empty()) back.insert(request.image.name);
  };
  for (int tick = 0; tick < 3000 && !rolled.came(); ++tick) {
    world_.run_for(10ms);
    const auto all = directory_.all();
    fewest =
        std::min<std::size_t>(fewest, std::ranges::count_if(all, [](const auto& view) { return view->known.ready; }));
  }
  EXPECT_TRUE(rolled.text().ends_with("; all are what they were before")) << rolled.text();
  EXPECT_EQ(back.size(), 4U);
  EXPECT_GE(fewest, 3U) << "the others have gone back one by one";
  for (int number = 0; number < 4; ++number) EXPECT_TRUE(of(std::format("p-{}", number)).ready);
}

TEST_F(supervision, an_essential_worker_that_no_pipeline_declared_stops_the_others_in_their_own_time) {
  plays_["slow"].leaves = 1s;
  plays_["vital"].crashes = 1s;
  auto vital = one("vital");
  vital.how.essential = true;
  vital.how.restart.mode = restart_mode::never;
  core_.start(member(one("slow")).model, [](const auto&) {});
  core_.start(member(vital).model, [](const auto&) {});
  world_.run_for(1500ms);
  EXPECT_EQ(state("slow"), worker_state::stopping);
  world_.run_for(1s);
  ASSERT_TRUE(of("slow").last_exit);
  EXPECT_EQ(of("slow").last_exit->reason, "stopped");
}

TEST_F(supervision, a_refused_pipeline_changes_nothing_of_the_one_that_runs) {
  pipeline_spec spec{.groups = {{.name = "g", .strategy = group_strategy::one_for_all}},
                     .workers = {one("a"), one("b")}};
  for (auto& worker : spec.workers) worker.how.group = "g";
  plays_["a 1"].crashes = 2s;
  ASSERT_TRUE(start(spec));
  world_.run_for(1s);
  auto other = spec;
  other.groups[0].strategy = group_strategy::one_for_one;
  EXPECT_FALSE(core_.start_pipeline(other.groups, {member(other.workers[0])}, 5s)) << "the name is in use";
  world_.run_for(5s);
  EXPECT_EQ(of("b").generation, 2U) << "it stands and falls with the other, as before";
}
