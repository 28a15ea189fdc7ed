#include "policy/stop_plan.hpp"

#include <gtest/gtest.h>

using namespace lineshaft::policy;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

TEST(stop_plan, a_level_takes_its_own_time_or_its_part_and_the_last_one_everything) {
  const struct {
    milliseconds left, own, later, expected;
  } rows[] = {
      {10s, 3s, 5s, 3s},  {10s, 3s, 7s, 3s},   {10s, 10s, 10s, 5s},       {10s, 30s, 10s, 7500ms},
      {10s, 3s, 0s, 10s}, {0s, 3s, 5s, 0s},    {-1s, 3s, 5s, -1s},        {-1s, 3s, 0s, -1s},
      {10s, 0s, 5s, 0s},  {1s, 3s, 3s, 500ms}, {10s, 87600h, 87600h, 5s},
  };
  const time_point now(1h);
  for (const auto& row : rows) {
    EXPECT_EQ(level_deadline(now, now + row.left, row.own, row.later) - now, row.expected) << "row " << &row - rows;
  }
}
