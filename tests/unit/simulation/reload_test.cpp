// The running pipeline becomes another one, where others are not there.
#include "policy/reload_diff.hpp"
#include "simulation/directed.hpp"

using namespace simulation;

namespace {

class reloading : public directed {
 protected:
  using outcome = supervisor::not_replaced;

  heard<outcome> reload(const pipeline_spec& changed) {
    heard<outcome> answered;
    supervisor::change_request wanted{.plan = policy::plan_reload(spec_, changed, core_.replica_counts()),
                                      .groups = changed.groups,
                                      .order = {},
                                      .members = {},
                                      .stop_timeout = changed.stop_timeout};
    for (const auto& worker : changed.workers) {
      wanted.order.push_back(worker.name);
      wanted.members.emplace(worker.name, member(worker));
    }
    auto change = std::make_shared<supervisor::pipeline_change>(core_, std::move(wanted), answered);
    const auto possible = change->check();
    EXPECT_TRUE(possible) << possible.error().message();
    change->begin();
    return answered;
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
