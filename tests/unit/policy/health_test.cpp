// Whether a process that lives does its work.
#include "policy/health.hpp"

#include <gtest/gtest.h>

using namespace lineshaft;
using namespace lineshaft::policy;
using namespace std::chrono_literals;

namespace {

const time_point start(1h);

start_options watched(watchdog_options watchdog) { return {.watchdog = watchdog}; }

health begun(const start_options& how, bool is_program = true) {
  health one(how, is_program, 0);
  one.begin(start, {});
  return one;
}

}  // namespace

TEST(health, of_one_that_declares_nothing_is_never_looked_at) {
  EXPECT_FALSE(begun({}).watched());
  EXPECT_EQ(begun({}).look_at(), std::nullopt);
}

TEST(health, of_a_class_that_watches_its_own_loop_is_looked_at_when_the_kernel_tells_something) {
  auto one = begun(watched({.timeout = 5s}), false);
  EXPECT_TRUE(one.watched());
  EXPECT_EQ(one.look_at(), std::nullopt);
  EXPECT_EQ(one.look(start + 1h, {.stopped = true}), ailment::stopped);
  EXPECT_TRUE(one.stopped());
  EXPECT_EQ(one.look(start + 2h, {.stopped = true}), ailment::none) << "once";
  EXPECT_EQ(one.look(start + 3h, {}), ailment::none);
  EXPECT_FALSE(one.stopped());
  EXPECT_EQ(one.look(start + 4h, {.stopped = true}), ailment::stopped) << "again";
  EXPECT_EQ(one.look_at(), std::nullopt);
}

TEST(health, a_program_has_to_beat_in_time) {
  auto one = begun(watched({.timeout = 5s}));
  EXPECT_EQ(one.look_at(), start + 5s);
  one.beat(start + 3s, {});
  EXPECT_EQ(one.look(start + 5s, {}), ailment::none);
  EXPECT_EQ(one.look_at(), start + 8s);
  EXPECT_EQ(one.look(start + 8s, {}), ailment::no_beat);
  EXPECT_EQ(one.look_at(), start + 13s) << "and is told again, if nobody ends it, when it lasts as long again";
}

TEST(health, waiting_for_a_processor_does_not_count) {
  auto one = begun(watched({.timeout = 5s}));
  EXPECT_EQ(one.look(start + 5s, {.waited = 4s}), ailment::none);
  EXPECT_EQ(one.look_at(), start + 9s);
  EXPECT_EQ(one.look(start + 9s, {.waited = 4s}), ailment::no_beat);
}

TEST(health, being_stopped_is_recorded_and_does_not_count) {
  auto one = begun(watched({.timeout = 5s}));
  EXPECT_EQ(one.look(start + 5s, {.stopped = true}), ailment::stopped);
  EXPECT_EQ(one.look(start + 10s, {}), ailment::none) << "it has only just gone on";
  EXPECT_EQ(one.look(start + 15s, {}), ailment::no_beat);
}

TEST(health, input_that_waits_has_to_be_processed) {
  auto one = begun(watched({.progress = 8s}), false);
  EXPECT_TRUE(one.waits_for_input());
  EXPECT_EQ(one.look_at(), std::nullopt) << "nothing to do is no illness, and nobody looks";
  one.input_came(start + 10s, {.has_input = true});
  EXPECT_FALSE(one.waits_for_input());
  EXPECT_EQ(one.look_at(), start + 12s);
  EXPECT_EQ(one.look(start + 16s, {.has_input = true, .processed = 7}), ailment::none) << "it has moved";
  EXPECT_EQ(one.look(start + 20s, {.has_input = true, .processed = 7}), ailment::none);
  EXPECT_EQ(one.look(start + 24s, {.has_input = true, .processed = 7}), ailment::no_progress);
}

TEST(health, one_whose_queue_is_empty_is_looked_at_until_it_does_not_move_any_more) {
  auto one = begun(watched({.progress = 8s}), false);
  one.input_came(start, {.has_input = true});
  EXPECT_EQ(one.look(start + 2s, {.has_input = false, .processed = 5}), ailment::none);
  EXPECT_EQ(one.look_at(), start + 4s);
  EXPECT_EQ(one.look(start + 4s, {.has_input = false, .processed = 5}), ailment::none);
  EXPECT_TRUE(one.waits_for_input());
  EXPECT_EQ(one.look_at(), std::nullopt);
}

TEST(health, input_that_comes_after_a_long_rest_has_its_whole_time) {
  auto one = begun(watched({.progress = 8s}), false);
  one.input_came(start + 1h, {.waited = 1s, .has_input = true});
  EXPECT_EQ(one.look(start + 1h + 7999ms, {.waited = 1s, .has_input = true}), ailment::none);
  EXPECT_EQ(one.look(start + 1h + 8s, {.waited = 1s, .has_input = true}), ailment::no_progress);
}

TEST(health, memory_is_looked_at_from_time_to_time) {
  auto one = begun({.max_memory = 1000});
  EXPECT_EQ(one.look_at(), start + health::memory_interval);
  EXPECT_EQ(one.look(start + 5s, {.resident_bytes = 1000}), ailment::none);
  EXPECT_EQ(one.look(start + 10s, {.resident_bytes = 1001}), ailment::too_big);
}

TEST(health, the_limit_of_memory_is_spread_downwards) {
  for (const double chance : {-1.0, 1.0}) {
    health one({.max_memory = 1000}, true, chance);
    one.begin(start, {});
    EXPECT_EQ(one.look(start, {.resident_bytes = 900}), ailment::none);
    EXPECT_EQ(one.look(start, {.resident_bytes = 901}), ailment::too_big);
  }
}
