#include "policy/dependencies.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace lineshaft;
using namespace lineshaft::policy;
using testing::ElementsAre;

namespace {

dependency_graph graph_of(std::initializer_list<std::pair<std::string, std::vector<std::string>>> workers) {
  dependency_graph graph;
  for (const auto& [name, after] : workers) {
    auto& needs = graph[name];
    for (const auto& one : after) needs.push_back({one});
  }
  return graph;
}

}  // namespace

TEST(dependencies, what_cannot_work_is_refused_with_the_whole_cycle) {
  const struct {
    dependency_graph graph;
    const char* expected;
  } rows[] = {
      {graph_of({}), ""},
      {graph_of({{"a", {}}, {"b", {"a"}}, {"c", {"a", "b"}}}), ""},
      {graph_of({{"a", {"x"}}}), "cannot start 'a' after 'x': there is no worker of that name"},
      {graph_of({{"a", {"a"}}}), "cannot start 'a': it waits for itself: a → a"},
      {graph_of({{"a", {"b"}}, {"b", {"c"}}, {"c", {"a"}}}), "cannot start 'a': it waits for itself: a → b → c → a"},
      {graph_of({{"a", {"b"}}, {"b", {"c"}}, {"c", {"b"}}}), "cannot start 'b': it waits for itself: b → c → b"},
      {graph_of({{"a", {}}, {"b", {"a", "d"}}, {"c", {"a"}}, {"d", {"c", "b"}}}),
       "cannot start 'b': it waits for itself: b → d → b"},
  };
  for (const auto& row : rows) {
    const auto checked = check(row.graph);
    EXPECT_EQ(checked ? "" : checked.error().message(), row.expected);
  }
}

TEST(dependencies, each_condition_is_a_level) {
  using enum start_condition;
  const standing down, starts{worker_state::starting, true, false}, runs{worker_state::running, true, true},
      lost{worker_state::running, true, false}, leaves{worker_state::stopping, true, false},
      done{worker_state::completed, false, false}, broken{worker_state::failed, false, false};
  const struct {
    standing of;
    bool started, ready, completed;
  } rows[] = {
      {down, false, false, false},   {starts, true, false, false}, {runs, true, true, false},
      {lost, true, false, false},    {leaves, true, false, false}, {done, true, true, true},
      {broken, false, false, false},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(to_string(row.of.state));
    EXPECT_EQ(holds(started, row.of), row.started);
    EXPECT_EQ(holds(ready, row.of), row.ready);
    EXPECT_EQ(holds(completed, row.of), row.completed);
  }
}

TEST(dependencies, those_that_nobody_needs_any_more_stop_first) {
  EXPECT_THAT(stop_levels({}), ElementsAre());
  EXPECT_THAT(stop_levels(graph_of({{"a", {}}, {"b", {}}})), ElementsAre(ElementsAre("a", "b")));
  EXPECT_THAT(stop_levels(graph_of({{"a", {}}, {"b", {"a"}}, {"c", {"a"}}, {"d", {"b", "a"}}})),
              ElementsAre(ElementsAre("c", "d"), ElementsAre("b"), ElementsAre("a")));
  // A dependency on what has been forgotten meanwhile.
  EXPECT_THAT(stop_levels(graph_of({{"b", {"gone"}}})), ElementsAre(ElementsAre("b")));
}
