#include "worker/grace.hpp"

#include <gtest/gtest.h>

using namespace std::chrono_literals;

// A worker that has to be gone soon delivers what it can all the same.
TEST(grace, telemetry_has_all_but_the_time_to_leave_and_never_less_than_half) {
  using lineshaft::runtime::time_for_telemetry;
  EXPECT_EQ(time_for_telemetry(10s), 9900ms);
  EXPECT_EQ(time_for_telemetry(200ms), 100ms);
  EXPECT_EQ(time_for_telemetry(100ms), 50ms);
  EXPECT_EQ(time_for_telemetry(10ms), 5ms);
  EXPECT_EQ(time_for_telemetry(0ms), 0ms);
  EXPECT_LT(time_for_telemetry(-10ms), 0ms);
}
