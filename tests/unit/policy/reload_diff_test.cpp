#include "policy/reload_diff.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace lineshaft;
using policy::plan_reload;
using testing::ElementsAre;
using testing::IsEmpty;
using namespace std::chrono_literals;

namespace {

worker_spec worker(std::string name, std::optional<std::uint32_t> replicas = {}) {
  worker_spec spec{.name = std::move(name), .class_name = "some"};
  spec.replicas = replicas;
  return spec;
}

pipeline_spec of(std::vector<worker_spec> workers) { return {.workers = std::move(workers)}; }

using step = reload_step;

}  // namespace

TEST(reload_diff, nothing_moves_when_nothing_changed) {
  const auto same = of({worker("a"), worker("b", 2)});
  EXPECT_THAT(plan_reload(same, same, {{"b", 2}}).changes, IsEmpty());
  auto other = same;
  other.stop_timeout = 20s;
  other.groups.push_back({.name = "new"});
  EXPECT_THAT(plan_reload(same, other, {{"b", 2}}).changes, IsEmpty()) << "no process knows of these";
}

TEST(reload_diff, settings_of_the_pipeline_and_its_groups_are_told_by_their_keys) {
  auto before = of({worker("a")});
  before.groups = {{.name = "same"}, {.name = "other"}, {.name = "gone"}};
  auto after = before;
  EXPECT_EQ(plan_reload(before, after, {}), reload_plan());
  after.stop_timeout = 20s;
  after.name = "renamed";
  after.groups = {{.name = "new"}, {.name = "other", .limit = {{5, 60s}}}, {.name = "same"}};
  const auto plan = plan_reload(before, after, {});
  EXPECT_THAT(plan.changes, IsEmpty());
  EXPECT_THAT(plan.settings, ElementsAre("pipeline.stop_timeout", "group.new", "group.other", "group.gone"));
  EXPECT_THAT(plan.later, ElementsAre("pipeline.name"));
}

TEST(reload_diff, what_is_gone_stops_before_what_is_new_starts) {
  const auto plan =
      plan_reload(of({worker("a"), worker("b", 2)}), of({worker("c"), worker("a"), worker("d", 2)}), {{"b", 3}});
  EXPECT_THAT(plan.changes,
              ElementsAre(reload_change{step::stop, "b", {"b-0", "b-1", "b-2"}, "not in the pipeline any more"},
                          reload_change{step::start, "c", {"c"}, "new"},
                          reload_change{step::start, "d", {"d-0", "d-1"}, "new"}));
}

TEST(reload_diff, what_is_in_the_process_replaces_it_and_a_policy_is_adopted) {
  struct {
    const char* why;
    step expected;
    void (*change)(worker_spec&);
  } const rows[] = {
      {"class", step::replace, [](auto& w) { w.class_name = "other"; }},
      {"options", step::replace, [](auto& w) { w.options["x"] = 1; }},
      {"command", step::replace, [](auto& w) { w.command = {"ls"}; }},
      {"env", step::replace, [](auto& w) { w.how.env["X"] = "1"; }},
      {"limits", step::replace, [](auto& w) { w.how.limits.nofile = 100; }},
      {"user", step::replace, [](auto& w) { w.how.user = "nobody"; }},
      {"output", step::replace, [](auto& w) { w.how.output.rotate_count = 2; }},
      {"watchdog", step::replace, [](auto& w) { w.how.watchdog.emplace().timeout = 5s; }},
      {"watchdog", step::replace, [](auto& w) { w.how.watchdog.emplace().progress = 5s; }},
      {"probe", step::replace, [](auto& w) { w.how.probe = "tcp:127.0.0.1:1"; }},
      {"listen", step::replace, [](auto& w) { w.how.listen["http"] = "127.0.0.1:1"; }},
      {"max_memory", step::replace, [](auto& w) { w.how.max_memory = 1; }},
      {"restart", step::adopt, [](auto& w) { w.how.restart.delay = 1s; }},
      {"stop_timeout", step::adopt, [](auto& w) { w.how.stop_timeout = 1s; }},
      {"stop", step::adopt, [](auto& w) { w.how.stop = {{SIGINT, 1s}}; }},
      {"after", step::adopt, [](auto& w) { w.how.after.push_back({"b"}); }},
      {"essential", step::adopt, [](auto& w) { w.how.essential = true; }},
      {"max_lifetime", step::adopt, [](auto& w) { w.how.max_lifetime = 1h; }},
  };
  for (const auto& row : rows) {
    auto changed = worker("a");
    row.change(changed);
    EXPECT_THAT(plan_reload(of({worker("a")}), of({changed}), {}).changes,
                ElementsAre(reload_change{row.expected, "a", {"a"}, row.why}));
  }
}

TEST(reload_diff, one_thing_that_replaces_is_enough_and_all_are_named) {
  auto changed = worker("a");
  changed.how.stop_timeout = 1s;
  changed.options["x"] = 1;
  EXPECT_THAT(plan_reload(of({worker("a")}), of({changed}), {}).changes,
              ElementsAre(reload_change{step::replace, "a", {"a"}, "options, stop_timeout"}));
}

TEST(reload_diff, replicas_come_and_go_alone) {
  EXPECT_THAT(plan_reload(of({worker("a", 2)}), of({worker("a", 4)}), {{"a", 2}}).changes,
              ElementsAre(reload_change{step::start, "a", {"a-2", "a-3"}, "replicas: 2 → 4"}));
  EXPECT_THAT(plan_reload(of({worker("a", 3)}), of({worker("a", 1)}), {{"a", 3}}).changes,
              ElementsAre(reload_change{step::stop, "a", {"a-1", "a-2"}, "replicas: 3 → 1"}));
}

TEST(reload_diff, replicas_that_were_scaled_stay_so_unless_their_number_is_another_one) {
  EXPECT_THAT(plan_reload(of({worker("a", 2)}), of({worker("a", 2)}), {{"a", 5}}).changes, IsEmpty());
  EXPECT_THAT(plan_reload(of({worker("a", 2)}), of({worker("a", 5)}), {{"a", 5}}).changes, IsEmpty());
  EXPECT_THAT(plan_reload(of({worker("a", 2)}), of({worker("a", 3)}), {{"a", 5}}).changes,
              ElementsAre(reload_change{step::stop, "a", {"a-3", "a-4"}, "replicas: 5 → 3"}));
}

TEST(reload_diff, those_that_are_too_many_are_not_replaced_first) {
  auto changed = worker("a", 1);
  changed.options["x"] = 1;
  EXPECT_THAT(plan_reload(of({worker("a", 3)}), of({changed}), {{"a", 3}}).changes,
              ElementsAre(reload_change{step::stop, "a", {"a-1", "a-2"}, "replicas: 3 → 1"},
                          reload_change{step::replace, "a", {"a-0"}, "options"}));
}

TEST(reload_diff, one_that_gets_replicas_is_another_one) {
  EXPECT_THAT(plan_reload(of({worker("a")}), of({worker("a", 2)}), {}).changes,
              ElementsAre(reload_change{step::stop, "a", {"a"}, "replicas"},
                          reload_change{step::start, "a", {"a-0", "a-1"}, "replicas"}));
}

TEST(reload_diff, the_environment_of_the_pipeline_is_that_of_each_worker_but_for_its_own) {
  auto own = worker("b");
  own.how.env["X"] = "own";
  auto before = of({worker("a"), own});
  auto after = before;
  after.env["X"] = "1";
  EXPECT_THAT(plan_reload(before, after, {}).changes, ElementsAre(reload_change{step::replace, "a", {"a"}, "env"}));
}
