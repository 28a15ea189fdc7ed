#include "config/restart_pace.hpp"

#include <gtest/gtest.h>

using namespace lineshaft;
using namespace std::chrono_literals;

TEST(restart_pace, a_limit_can_be_reached_if_the_delays_leave_time_for_it) {
  const struct {
    restart_policy policy;
    bool expected;
  } rows[] = {
      {{.limit = {{5, 60s}}}, true},                 // 0.5 + 1 + 2 + 4 + 8 s
      {{.limit = {{7, 60s}}}, true},                 // 57 s, less the jitter
      {{.limit = {{8, 60s}}}, false},                // 87 s
      {{.factor = 1, .limit = {{100, 60s}}}, true},  // 50 s, less the jitter
      {{.factor = 1, .jitter = 0, .limit = {{120, 60s}}}, false},
      {{.delay = 0ms, .limit = {{1000000, 1s}}}, true},
      {{.delay = 1s, .factor = 10, .limit = {{8, 60s}}, .forgive_after = 1s}, true},  // healthy for a second each time
  };
  for (const auto& row : rows)
    EXPECT_EQ(config::can_be_reached(row.policy), row.expected)
        << row.policy.limit->count << " in " << row.policy.limit->window;
}

TEST(restart_pace, a_limit_of_a_group_counts_the_deaths_of_all_members) {
  const restart_policy usual, few{.limit = {{3, 60s}}}, short_window{.limit = {{3, 5s}}},
      never{.mode = restart_mode::never};
  const struct {
    restart_limit limit;
    std::vector<restart_policy> members;
    bool expected;
  } rows[] = {
      {{7, 60s}, {usual}, true},
      {{8, 60s}, {usual}, false},
      {{15, 60s}, {usual, usual}, true},
      {{16, 60s}, {usual, usual}, false},
      // The fourth death of each is its last.
      {{5, 60s}, {few, few}, true},
      {{6, 60s}, {few, few}, false},
      {{3, 60s}, {few}, false},
      {{4, 60s}, {short_window}, true},
      {{0, 60s}, {never}, false},
      {{0, 60s}, {usual}, true},
  };
  for (const auto& row : rows)
    EXPECT_EQ(config::can_be_reached(row.limit, row.members), row.expected)
        << row.limit.count << " of " << row.members.size();
}
