#include "sys/vitals.hpp"

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "support/eventually.hpp"

using namespace std::chrono_literals;
using lineshaft::sys::vitals_of;

namespace {

// Ticks are long, and other processes may have most of them.
std::chrono::microseconds time_after_some_work() {
  for (volatile int i = 0; i < 1'000'000; i = i + 1) continue;
  const auto now = vitals_of(::getpid());
  return now.user_time + now.system_time;
}

}  // namespace

TEST(vitals, tell_memory_and_processor_time_whatever_the_process_is_called) {
  const auto before = time_after_some_work();
  EXPECT_TRUE(support::eventually([&] { return time_after_some_work() > before; }));
  char own_name[16];
  ::prctl(PR_GET_NAME, own_name);
  ::prctl(PR_SET_NAME, "a) 9\n(9 9");
  const auto renamed = vitals_of(::getpid());
  ::prctl(PR_SET_NAME, own_name);
  EXPECT_GT(renamed.user_time + renamed.system_time, before);
  EXPECT_LT(renamed.user_time + renamed.system_time, 1h);
  EXPECT_GT(renamed.resident_bytes, 100'000U);
  EXPECT_FALSE(renamed.stopped);
}

TEST(vitals, of_a_process_that_is_gone_are_nothing) {
  const auto nothing = vitals_of(999'999'999);
  EXPECT_EQ(nothing.resident_bytes, 0U);
  EXPECT_EQ(nothing.user_time + nothing.system_time, 0us);
}
