// Restarts: counted apart by cause, by age, after health; and who stays down.
#include <gtest/gtest.h>

#include <functional>

#include "policy/lives.hpp"

using namespace lineshaft;
using namespace lineshaft::policy;

namespace {

using step = std::function<actions(worker_life&)>;

const step start = [](worker_life& life) { return life.start(at(1s)); };
const step stop = [](worker_life& life) { return life.stop(at(1s), at(3s)); };
const step restart = [](worker_life& life) { return life.restart(at(1s), at(3s)); };
const step reload = [](worker_life& life) { return life.restart(at(1s), at(3s), restart_cause::reload); };
const step watchdog = [](worker_life& life) { return life.watchdog(at(1s), at(3s)); };
const step says_failed = [](worker_life& life) { return life.leaving(at(1s), leave_cause::failed); };
const step exits_0 = [](worker_life& life) { return life.exited(at(1s), clean); };
const step crashes = [](worker_life& life) { return life.exited(at(1s), crashed); };
const step late_timer = [](worker_life& life) { return life.timer(at(1h)); };
const actions ask{action::send_shutdown};

}  // namespace

TEST(worker_life, restarts_are_counted_apart_by_their_cause) {
  const struct {
    std::vector<step> steps;
    restart_counts expected;
  } rows[] = {
      {{crashes, late_timer}, {.crash = 1}},
      {{says_failed, exits_0, late_timer}, {.crash = 1}},
      {{exits_0, late_timer}, {.completion = 1}},
      {{watchdog, crashes, late_timer}, {.watchdog = 1}},
      {{restart, exits_0}, {.asked = 1}},
      {{reload, exits_0}, {.reload = 1}},
      {{crashes, reload}, {.reload = 1}},
      {{crashes, start}, {.crash = 1}},
      {{stop, start, exits_0}, {}},
  };
  for (const auto& row : rows) {
    auto options = usual();
    options.restart.mode = restart_mode::always;
    auto life = life_in(phase::running, options);
    for (const auto& step : row.steps) step(life);
    EXPECT_EQ(life.current(), phase::held);
    EXPECT_EQ(life.restarts(), row.expected) << "row " << &row - rows;
  }
}

TEST(worker_life, a_process_that_is_too_old_is_replaced) {
  auto options = usual();
  options.max_lifetime = 100s;
  auto life = life_in(phase::launching, options);
  life.launched(at(0s), 1);  // the end of the jitter
  life.became_ready(at(1s));
  EXPECT_EQ(life.wake_at(), at(110s));
  EXPECT_EQ(life.timer(at(110s)), ask);
  EXPECT_EQ(life.deadline(), at(112s));
  life.exited(at(111s), clean);
  EXPECT_EQ(life.current(), phase::held);
  EXPECT_EQ(life.restarts(), restart_counts{.recycle = 1});
  life.release(at(111s));
  life.launched(at(111s), -1);
  life.became_ready(at(111s));
  EXPECT_EQ(life.wake_at(), at(201s));
}

TEST(worker_life, health_begins_anew_when_it_is_ready_again) {
  auto life = life_in(phase::running);
  life.exited(at(0s), crashed);  // 500 ms, the next would be 1 s
  life.timer(at(1s));
  life.release(at(1s));
  life.launched(at(1s));
  life.became_ready(at(1s));
  life.became_unready(at(20s));
  life.became_ready(at(21s));
  life.exited(at(40s), crashed);  // ready for 19 s in one piece
  EXPECT_EQ(life.wake_at(), at(41s));
}

TEST(worker_life, whoever_was_told_to_stop_is_known) {
  EXPECT_FALSE(life_in(phase::down).told_to_stop());
  for (const auto where : {phase::down, phase::held, phase::launching, phase::running, phase::backoff}) {
    auto life = life_in(where);
    stop(life);
    EXPECT_TRUE(life.told_to_stop());
    life.launch_failed(at(2s), 0);
    life.exited(at(2s), clean);
    EXPECT_EQ(life.current(), phase::down);
    EXPECT_TRUE(life.told_to_stop());
    life.start(at(3s));
    EXPECT_FALSE(life.told_to_stop());
  }
}

TEST(worker_life, time_inside_a_handler_that_never_ended_is_no_health) {
  auto how = usual();
  how.restart.forgive_after = 10s;
  const auto delay_after = [&](std::optional<time_point> busy_since) {
    auto life = life_in(phase::running, how);
    life.exited(at(1s), crashed);
    life.timer(at(2s));
    life.release(at(2s));
    life.launched(at(2s));
    life.became_ready(at(2s));
    life.exited(at(60s), {.success_code = false, .busy_since = busy_since});
    return *life.next_attempt() - at(60s);
  };
  EXPECT_EQ(delay_after({}), 500ms) << "it was healthy for a minute";
  EXPECT_EQ(delay_after(at(59s)), 500ms);
  EXPECT_EQ(delay_after(at(3s)), 1s) << "its loop was stuck for most of that";
  EXPECT_EQ(delay_after(at(1s)), 1s) << "nor does it make the time before";
  EXPECT_EQ(delay_after(at(2h)), 500ms) << "the worker may write there what it likes";
}
