#include "policy/stop_ladder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

using namespace lineshaft;
using namespace lineshaft::policy;
using namespace std::chrono_literals;

namespace {

time_point at(std::chrono::milliseconds moment) { return time_point(std::chrono::hours(1)) + moment; }

/// Everything that a ladder does until its end: (moment, signal).
std::vector<timed_rung> played(stop_ladder& ladder) {
  std::vector<timed_rung> all;
  while (const auto next = ladder.wake_at()) {
    EXPECT_FALSE(ladder.take_due(*next - 1ns));
    const auto signal = ladder.take_due(*next);
    all.push_back({signal.value_or(0), std::chrono::duration_cast<std::chrono::milliseconds>(*next - at(0ms))});
  }
  return all;
}

}  // namespace

TEST(stop_ladder, is_fitted_into_its_budget) {
  using ladder = std::vector<stop_rung>;
  using rungs = std::vector<timed_rung>;
  const struct {
    const char* what;
    ladder declared;
    std::chrono::milliseconds budget;
    rungs expected;
  } table[] = {
      {"one signal has all the time", {{SIGTERM, 0s}}, 10s, {{SIGTERM, 0s}, {SIGKILL, 10s}}},
      {"with room, each has what it was given", {{SIGTERM, 5s}, {SIGKILL, 2s}}, 10s, {{SIGTERM, 0s}, {SIGKILL, 5s}}},
      {"exactly fitting", {{SIGTERM, 5s}, {SIGKILL, 2s}}, 7s, {{SIGTERM, 0s}, {SIGKILL, 5s}}},
      {"too long: the proportions stay", {{SIGTERM, 5s}, {SIGKILL, 2s}}, 3500ms, {{SIGTERM, 0s}, {SIGKILL, 2500ms}}},
      {"the last signal has the rest of the time",
       {{SIGINT, 1s}, {SIGTERM, 2s}},
       10s,
       {{SIGINT, 0s}, {SIGTERM, 1s}, {SIGKILL, 10s}}},
      {"the last signal has its share of too little",
       {{SIGINT, 1s}, {SIGTERM, 3s}},
       2s,
       {{SIGINT, 0s}, {SIGTERM, 500ms}, {SIGKILL, 2s}}},
      {"three rungs scaled",
       {{SIGINT, 4s}, {SIGTERM, 4s}, {SIGKILL, 2s}},
       5s,
       {{SIGINT, 0s}, {SIGTERM, 2s}, {SIGKILL, 4s}}},
      {"nothing comes after SIGKILL", {{SIGKILL, 1s}, {SIGTERM, 100s}}, 5s, {{SIGKILL, 0s}}},
      {"a ladder of nothing waits", {}, 5s, {{SIGKILL, 5s}}},
      {"no time at all", {{SIGTERM, 5s}, {SIGKILL, 2s}}, 0s, {{SIGKILL, 0s}}},
      {"less than no time", {{SIGTERM, 5s}}, -1s, {{SIGKILL, 0s}}},
      {"a rung without grace is followed at once",
       {{SIGTERM, 0s}, {SIGCONT, 1s}, {SIGKILL, 0s}},
       5s,
       {{SIGTERM, 0s}, {SIGCONT, 0s}, {SIGKILL, 1s}}},
      {"no limit is a time, too",
       {{SIGTERM, std::chrono::milliseconds::max()}, {SIGKILL, 0s}},
       2s,
       {{SIGTERM, 0s}, {SIGKILL, 2s}}},
  };
  for (const auto& row : table) {
    EXPECT_EQ(fit(row.declared, row.budget), row.expected) << row.what;
  }
}

TEST(stop_ladder, tells_each_signal_once_when_it_is_due) {
  stop_ladder ladder({{SIGINT, 1s}, {SIGTERM, 2s}, {SIGKILL, 1s}});
  EXPECT_FALSE(ladder.wake_at());
  EXPECT_FALSE(ladder.take_due(at(5s)));
  ladder.begin(at(0s), at(10s));
  EXPECT_EQ(played(ladder), (std::vector<timed_rung>{{SIGINT, 0s}, {SIGTERM, 1s}, {SIGKILL, 3s}}));
  ladder.begin(at(0s), at(2s));
  EXPECT_EQ(played(ladder), (std::vector<timed_rung>{{SIGINT, 0s}, {SIGTERM, 500ms}, {SIGKILL, 1500ms}}));
}

TEST(stop_ladder, moves_closer_together_when_a_second_stop_has_less_time_and_never_apart) {
  stop_ladder ladder({{SIGINT, 4s}, {SIGTERM, 4s}, {SIGKILL, 2s}});
  ladder.begin(at(0s), at(10s));
  EXPECT_EQ(ladder.take_due(at(0s)), SIGINT);
  ladder.begin(at(2s), at(60s));
  EXPECT_EQ(ladder.wake_at(), at(4s)) << "a later deadline changes nothing";
  ladder.begin(at(2s), at(5s));  // what was due 2 s and 6 s from then
  EXPECT_EQ(played(ladder), (std::vector<timed_rung>{{SIGTERM, 3s}, {SIGKILL, 5s}}));
  ladder.begin(at(0s), at(10s));
  EXPECT_EQ(ladder.take_due(at(0s)), SIGINT);
  ladder.begin(at(1s), at(1s));
  EXPECT_EQ(played(ladder), (std::vector<timed_rung>{{SIGTERM, 1s}, {SIGKILL, 1s}}));
}

TEST(stop_ladder, gives_more_time_when_it_is_asked_for_but_not_more_than_there_is) {
  const auto after_first = [](time_point until) {
    stop_ladder ladder({{SIGTERM, 2s}, {SIGQUIT, 1s}, {SIGKILL, 0s}});
    ladder.begin(at(0s), at(6s));
    EXPECT_EQ(ladder.take_due(at(0s)), SIGTERM);
    ladder.extend(until, at(6s));
    return played(ladder);
  };
  using rungs = std::vector<timed_rung>;
  EXPECT_EQ(after_first(at(1s)), (rungs{{SIGQUIT, 2s}, {SIGKILL, 3s}})) << "it has that already";
  EXPECT_EQ(after_first(at(4s)), (rungs{{SIGQUIT, 4s}, {SIGKILL, 5s}}));
  EXPECT_EQ(after_first(at(5500ms)), (rungs{{SIGQUIT, 5500ms}, {SIGKILL, 6s}}));
  EXPECT_EQ(after_first(at(60s)), (rungs{{SIGQUIT, 6s}, {SIGKILL, 6s}}));
  stop_ladder idle({{SIGTERM, 2s}});
  idle.extend(at(60s), at(60s));
  EXPECT_FALSE(idle.wake_at()) << "there is no stop";
}

TEST(stop_ladder, kills_no_sooner_than_a_deadline_that_was_put_off) {
  stop_ladder ladder({{SIGTERM, 10s}});
  ladder.begin(at(0s), at(2s));
  EXPECT_EQ(ladder.take_due(at(0s)), SIGTERM);
  ladder.extend(at(5s), at(5s));
  EXPECT_EQ(ladder.kills_at(), at(5s));
  ladder.extend(at(9s), at(5s));
  EXPECT_EQ(ladder.kills_at(), at(5s));
}

TEST(stop_ladder, of_a_watchdog_gives_each_signal_time_to_do_what_it_is_sent_for) {
  using rungs = std::vector<stop_rung>;
  EXPECT_EQ(watchdog_ladder(rungs{{SIGABRT, 0s}, {SIGKILL, 0s}}), (rungs{{SIGABRT, 2s}, {SIGKILL, 0s}}));
  EXPECT_EQ(watchdog_ladder(rungs{{SIGUSR1, 100ms}, {SIGABRT, 0s}}), (rungs{{SIGUSR1, 100ms}, {SIGABRT, 2s}}));
  EXPECT_EQ(watchdog_ladder(rungs{{SIGKILL, 0s}}), (rungs{{SIGKILL, 0s}}));
  EXPECT_TRUE(watchdog_ladder(rungs{}).empty());
}

TEST(stop_ladder, that_is_none_is_refused) {
  EXPECT_TRUE(check_ladder(std::vector<stop_rung>{{SIGTERM, 5s}, {SIGKILL, 2s}}));
  EXPECT_TRUE(check_ladder(start_options{}.stop));
  EXPECT_FALSE(check_ladder({}));
  EXPECT_FALSE(check_ladder(std::vector<stop_rung>{{0, 1s}}));
  EXPECT_FALSE(check_ladder(std::vector<stop_rung>{{65, 1s}}));
  EXPECT_FALSE(check_ladder(std::vector<stop_rung>{{SIGTERM, -1s}}));
}
