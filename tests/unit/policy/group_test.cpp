#include "policy/group.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace lineshaft;
using namespace lineshaft::policy;
using namespace std::chrono_literals;
using enum group_strategy;

TEST(group, who_is_started_again_along_with_one_that_died) {
  const std::vector<std::string> members{"a", "b", "c", "d"};
  const struct {
    group_strategy strategy;
    const char* died;
    std::vector<std::string> along;
  } rows[] = {
      {one_for_one, "b", {}},
      {one_for_all, "b", {"a", "c", "d"}},
      {one_for_all, "d", {"a", "b", "c"}},
      {rest_for_one, "a", {"b", "c", "d"}},
      {rest_for_one, "b", {"c", "d"}},
      {rest_for_one, "d", {}},
  };
  for (const auto& row : rows) EXPECT_EQ(restarted_along(row.strategy, members, row.died), row.along);
}

TEST(group, none_is_launched_before_those_that_fall_with_it_have_gone_and_the_delay_has_passed) {
  const member_standing up{}, leaving{.leaving = true}, waiting{.waiting = true};
  const struct {
    group_strategy strategy;
    std::vector<member_standing> members;
    std::size_t which;
    bool expected;
  } rows[] = {
      {one_for_one, {leaving, up, waiting}, 1, true}, {one_for_all, {up, up, up}, 1, true},
      {one_for_all, {waiting, up, up}, 1, false},     {one_for_all, {up, up, waiting}, 1, false},
      {one_for_all, {up, up, leaving}, 1, false},     {rest_for_one, {waiting, up, up}, 1, false},
      {rest_for_one, {up, up, waiting}, 1, true},     {rest_for_one, {up, up, leaving}, 1, false},
      {rest_for_one, {leaving, up, up}, 1, false},    {one_for_all, {up, leaving, up}, 1, true},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(may_launch(row.strategy, row.members, row.which), row.expected) << "row " << &row - rows;
  }
}

TEST(group, gives_up_beyond_its_limit_of_restarts_of_all_members) {
  const time_point begin(1h);
  group_restarts none(std::nullopt), two(restart_limit{.count = 2, .window = 10s});
  for (int i = 0; i < 100; ++i) EXPECT_EQ(none.one_more(begin), std::nullopt);
  EXPECT_EQ(two.one_more(begin), std::nullopt);
  EXPECT_EQ(two.one_more(begin + 1s), std::nullopt);
  EXPECT_EQ(two.one_more(begin + 2s), "2 restarts in 10 s");
  EXPECT_EQ(two.one_more(begin + 10s), std::nullopt) << "the first is out of the window";
  EXPECT_EQ(two.one_more(begin + 10s), "2 restarts in 10 s");
}
