// The running pipeline becomes another one, where others are not there.
#include <filesystem>

#include "policy/reload_diff.hpp"
#include "simulation/directed.hpp"
#include "support/files.hpp"

using namespace simulation;

namespace {

class reloading : public directed {
 protected:
  using outcome = supervisor::not_replaced;

  heard<outcome> reload(const pipeline_spec& changed) {
    heard<outcome> answered;
    auto change = change_to(changed, answered);
    const auto possible = change->check();
    EXPECT_TRUE(possible) << possible.error().message();
    change->begin();
    return answered;
  }
  std::shared_ptr<supervisor::pipeline_change> change_to(const pipeline_spec& changed, heard<outcome> answered) {
    supervisor::change_request wanted{.plan = policy::plan_reload(spec_, changed, core_.replica_counts()),
                                      .groups = changed.groups,
                                      .order = {},
                                      .members = {},
                                      .stop_timeout = changed.stop_timeout};
    for (const auto& worker : changed.workers) {
      wanted.order.push_back(worker.name);
      wanted.members.emplace(worker.name, member(worker));
    }
    return std::make_shared<supervisor::pipeline_change>(core_, std::move(wanted), answered);
  }
  heard<std::vector<stop_outcome>> stop_all() {
    heard<std::vector<stop_outcome>> stopped;
    core_.stop_all(world_.now(), {}, "test", stopped);
    return stopped;
  }
};

}  // namespace

TEST_F(reloading, of_a_worker_whose_dependency_is_not_there_comes_to_an_end) {
  pipeline_spec spec{.workers = {one("a"), one("b", {{"a", start_condition::ready}})}};
  ASSERT_TRUE(start(spec));
  world_.run_for(1s);
  core_.stop("a", {world_.now(), world_.now()}, [](const auto&) {});
  world_.run_for(1s);
  spec.workers[1].options = {{"other", 1}};
  const auto answered = reload(spec);
  world_.run_for(20s);
  ASSERT_TRUE(answered.came());
  ASSERT_TRUE(answered.get().contains("b"));
  EXPECT_EQ(answered.get().at("b").doing,
            "cannot start 'b': what it waits for did not come; all are what they were before, but 'b' does not become "
            "ready as that, either");
}

TEST_F(reloading, that_takes_away_what_a_worker_waits_for_lets_it_start) {
  pipeline_spec spec{.workers = {one("a"), one("b", {{"a", start_condition::ready}})}};
  plays_["a"].ready.reset();
  ASSERT_TRUE(start(spec));
  world_.run_for(1s);
  ASSERT_FALSE(of("b").alive);
  spec.workers.erase(spec.workers.begin());
  spec.workers[0].how.after.clear();
  const auto answered = reload(spec);
  world_.run_for(5s);
  EXPECT_TRUE(answered.came());
  EXPECT_TRUE(of("b").ready);
}

TEST_F(reloading, that_fails_leaves_a_worker_in_the_group_it_was_in) {
  pipeline_spec spec{.groups = {{.name = "g", .strategy = group_strategy::one_for_all}},
                     .workers = {one("a"), one("b")}};
  for (auto& worker : spec.workers) worker.how.group = "g";
  ASSERT_TRUE(start(spec));
  world_.run_for(1s);
  plays_["b 2"].ready.reset();
  spec.workers[1].how.group.clear();
  spec.workers[1].options = {{"other", 1}};
  const auto answered = reload(spec);
  world_.run_for(20s);
  ASSERT_TRUE(answered.came());
  ASSERT_TRUE(answered.get().contains("b"));
  ASSERT_TRUE(of("b").ready);
  const auto before = of("a").generation;
  core_.restart("b", "test", [](const auto&) {});
  plays_["b 4"].can_start = false;
  world_.run_for(20s);
  EXPECT_GT(of("a").generation, before) << "it stands and falls with the other";
}

TEST_F(reloading, closes_the_sockets_that_nobody_listens_at_any_more) {
  const support::temporary_folder folder;
  const auto path = [&](const char* name) { return folder / name; };
  const auto exists = [&](const char* name) { return std::filesystem::exists(path(name)); };
  auto moves = one("moves"), goes = one("goes");
  for (auto* worker : {&moves, &goes}) {
    worker->class_name.clear();
    worker->command = {"server"};
    worker->how.listen = {{"http", "unix:" + path(worker->name.c_str())}, {"both", "unix:" + path("both")}};
  }
  plays_["moves"].ready = 1s;
  pipeline_spec spec{.workers = {moves, goes}};
  ASSERT_TRUE(start(spec));
  world_.run_for(2s);
  EXPECT_TRUE(exists("moves") && exists("goes") && exists("both"));
  spec.workers.pop_back();
  spec.workers[0].how.listen["http"] = "unix:" + path("elsewhere");
  const auto answered = reload(spec);
  world_.run_for(500ms);
  EXPECT_TRUE(exists("moves")) << "until the new one is ready";
  world_.run_for(5s);
  ASSERT_TRUE(answered.came() && answered.get().empty());
  EXPECT_TRUE(exists("elsewhere") && exists("both"));
  EXPECT_FALSE(exists("moves") || exists("goes"));
}

TEST_F(reloading, starts_nothing_after_a_stop_of_everything) {
  plays_["slow"].leaves = 1s;
  pipeline_spec spec{.workers = {one("slow"), one("stays")}};
  ASSERT_TRUE(start(spec));
  world_.run_for(1s);
  // While what goes is still going, and in the very moment in which what comes is to start.
  spec.workers = {one("stays"), one("new")};
  const auto first = reload(spec);
  world_.run_for(500ms);
  stop_all();
  world_.run_for(5s);
  ASSERT_TRUE(first.came());
  EXPECT_EQ(first.get().at("new").doing, "cannot reload 'new': everything is stopped");
  EXPECT_FALSE(of("new").alive || of("stays").alive);
  spec_.workers = {one("stays")};
  const auto second = reload(spec);
  stop_all();
  world_.run_for(5s);
  EXPECT_TRUE(second.came());
  EXPECT_FALSE(of("new").alive);
}

TEST_F(reloading, is_over_when_everything_is_stopped_though_what_it_waits_for_never_ends) {
  plays_["gone"] = {.leaves = {}, .unkillable = true};
  auto gone = one("gone");
  gone.how.stop_timeout = 10min;
  pipeline_spec spec{.workers = {gone, one("changed")}};
  ASSERT_TRUE(start(spec));
  world_.run_for(1s);
  spec.workers = {one("changed")};
  spec.workers[0].options = {{"other", 1}};
  const auto answered = reload(spec);
  world_.run_for(1s);
  ASSERT_FALSE(answered.came());
  stop_all();
  ASSERT_TRUE(answered.came());
  EXPECT_TRUE(answered.get().contains("changed")) << "the next reload has to find that it is not what it should be";
}

TEST_F(reloading, replaces_none_of_several_any_more_once_everything_is_being_stopped) {
  auto several = one("several");
  several.replicas = 2;
  pipeline_spec spec{.workers = {several, one("first", {{"several", start_condition::started}})}};
  // Those that wait for others are stopped before them: the others have not heard of it meanwhile.
  plays_["first"].leaves = 2s;
  plays_["several-0 2"].ready = 1s;
  ASSERT_TRUE(start(spec));
  world_.run_for(1s);
  spec.workers[0].options = {{"other", 1}};
  const auto answered = reload(spec);
  world_.run_for(500ms);
  ASSERT_EQ(of("several-0").generation, 2U);
  const auto stopped = stop_all();
  EXPECT_TRUE(answered.came());
  world_.run_for(5s);
  ASSERT_TRUE(stopped.came());
  EXPECT_EQ(of("several-1").generation, 1U);
  EXPECT_FALSE(of("several-0").alive || of("several-1").alive);
}

TEST_F(reloading, is_refused_while_everything_is_being_stopped) {
  plays_["slow"].leaves = 1s;
  pipeline_spec spec{.workers = {one("slow")}};
  ASSERT_TRUE(start(spec));
  world_.run_for(1s);
  const auto stopped = stop_all();
  spec.workers.push_back(one("new"));
  const auto refused = change_to(spec, {})->check();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().doing, "cannot reload: everything is being stopped");
  world_.run_for(2s);
  ASSERT_TRUE(stopped.came());
  EXPECT_TRUE(change_to(spec, {})->check());
}
