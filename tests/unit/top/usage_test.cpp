#include "top/usage.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>

using namespace lineshaft::top;

namespace {

seconds consumed() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto of = [](const timeval& time) {
    return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
  };
  return of(used.ru_utime) + of(used.ru_stime);
}

}  // namespace

TEST(usage, of_a_process_is_its_processor_time_and_its_resident_memory) {
  const auto own = static_cast<std::int64_t>(::getpid());
  while (consumed() < std::chrono::milliseconds(100)) {
  }
  const auto all = usage_of({own, 0});
  ASSERT_EQ(all.size(), 1U) << "there is no process 0";
  EXPECT_GE(all.at(own).cpu, std::chrono::milliseconds(50));
  EXPECT_LE(all.at(own).cpu, consumed() + std::chrono::milliseconds(20)) << "in ticks of the clock";
  EXPECT_GT(all.at(own).resident_bytes, 1U << 20);
  EXPECT_LT(all.at(own).resident_bytes, 1ULL << 32);
}
