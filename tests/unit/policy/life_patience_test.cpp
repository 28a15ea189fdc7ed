// What a life does when its process asks for time, and when its ladder has come to an end.
#include <gtest/gtest.h>

#include "policy/lives.hpp"

using namespace lineshaft;
using namespace lineshaft::policy;

TEST(worker_life, gives_a_start_the_time_that_it_asks_for_up_to_ten_times_its_own) {
  auto life = life_in(phase::starting);  // has 5 s
  EXPECT_TRUE(life.extend(at(1s), at(3s)).empty());
  EXPECT_EQ(life.wake_at(), at(5s)) << "it has that already";
  life.extend(at(1s), at(20s));
  EXPECT_EQ(life.wake_at(), at(20s));
  EXPECT_TRUE(life.timer(at(19s)).empty());
  life.extend(at(1s), at(10min));
  EXPECT_EQ(life.wake_at(), at(50s));
  EXPECT_FALSE(life.timer(at(50s)).empty());
}

TEST(worker_life, gives_time_to_one_that_leaves_by_itself_but_not_beyond_the_deadline_of_a_stop) {
  auto leaving = life_in(phase::running);
  leaving.leaving(at(1s), leave_cause::itself);  // has 2 s
  leaving.extend(at(1s), at(10s));
  EXPECT_EQ(leaving.wake_at(), at(10s));
  leaving.extend(at(1s), at(10min));
  EXPECT_EQ(leaving.wake_at(), at(21s));
  auto stopped = life_in(phase::running);
  stopped.stop(at(1s), at(3s));
  stopped.extend(at(1s), at(10s));
  EXPECT_EQ(stopped.wake_at(), at(3s));
  auto both = life_in(phase::running);
  both.leaving(at(1s), leave_cause::failed);
  both.stop(at(1s), at(2s));
  both.extend(at(1s), at(10s));
  EXPECT_EQ(both.wake_at(), at(2s)) << "whatever it said before";
}

TEST(worker_life, gives_no_time_to_one_that_is_ended_because_it_does_nothing) {
  auto sick = life_in(phase::running);
  sick.watchdog(at(1s), at(3s));
  sick.extend(at(1s), at(10s));
  EXPECT_EQ(sick.wake_at(), at(3s));
}

TEST(worker_life, gives_a_launch_up_that_is_not_answered_and_again_until_it_is) {
  auto life = life_in(phase::launching);
  EXPECT_EQ(life.wake_at(), at(launch_patience));
  EXPECT_EQ(life.timer(at(10s)), actions{action::give_up_launch});
  EXPECT_EQ(life.current(), phase::launching) << "there may be a process";
  EXPECT_TRUE(life.timer(at(19s)).empty());
  EXPECT_EQ(life.timer(at(20s)), actions{action::give_up_launch});
  // A stop is still carried out, and what was late may come after all.
  life.stop(at(21s), at(22s));
  EXPECT_EQ(life.timer(at(30s)), actions{action::give_up_launch});
  EXPECT_EQ(life.launched(at(31s)), actions{action::send_shutdown});
}

TEST(worker_life, a_restart_whose_launch_fails_is_a_failure_like_any_other) {
  auto life = life_in(phase::running);
  life.exited(at(1s), crashed);
  life.timer(at(2s));
  life.release(at(2s));
  life.timer(at(12s));
  life.launch_failed(at(12s), 0);
  EXPECT_EQ(life.current(), phase::backoff);
}

TEST(worker_life, tells_those_who_wait_once_for_each_time_that_they_ask) {
  for (const auto where : {phase::held, phase::killing}) {
    auto life = life_in(where);  // has 5 s to start; killed at 2 s
    const auto due = where == phase::held ? at(5s) : at(2s + vanishing);
    EXPECT_EQ(life.wake_at(), due) << to_string(where);
    EXPECT_EQ(life.timer(due), actions{action::tell_waiting});
    EXPECT_EQ(life.current(), where) << "it stays asked for";
    EXPECT_EQ(life.wake_at(), std::nullopt) << "nobody waits";
    life.start(at(20s));
    EXPECT_EQ(life.timer(at(25s)), actions{action::tell_waiting});
    life.restart(at(30s), at(40s));
    EXPECT_EQ(life.timer(at(35s)), actions{action::tell_waiting});
  }
  auto killed = life_in(phase::killing);
  killed.timer(at(3s));
  killed.stop(at(10s), at(20s));
  EXPECT_EQ(killed.wake_at(), at(11s));
}

TEST(worker_life, does_not_care_for_time_where_nothing_waits) {
  for (const auto where :
       {phase::down, phase::held, phase::launching, phase::running, phase::unready, phase::killing, phase::backoff}) {
    auto life = life_in(where);
    const auto before = life.wake_at();
    EXPECT_TRUE(life.extend(at(1s), at(10s)).empty());
    EXPECT_EQ(life.wake_at(), before) << to_string(where);
    EXPECT_EQ(life.current(), where);
  }
}

TEST(worker_life, kills_at_the_end_of_the_ladder_and_nowhere_else) {
  auto life = life_in(phase::running);
  life.stop(at(1s), at(10s));
  EXPECT_EQ(life.patience_ended(at(4s)), actions{action::kill});
  EXPECT_TRUE(life.killed());
  EXPECT_EQ(life.stop_budget(), 3s) << "what it really had";
  for (const auto where : {phase::down, phase::held, phase::launching, phase::starting, phase::running, phase::unready,
                           phase::killing, phase::backoff}) {
    auto other = life_in(where);
    EXPECT_TRUE(other.patience_ended(at(1s)).empty()) << to_string(where);
    EXPECT_EQ(other.current(), where);
  }
}
