#include "replay/pacer.hpp"

#include <gtest/gtest.h>

using namespace lineshaft;
using namespace std::chrono_literals;

TEST(pacer, spreads_events_as_their_own_times_are_spread) {
  const replay::pacer::time_point start{100s};
  struct row {
    double speed;
    std::chrono::milliseconds first, event;
    std::chrono::milliseconds after;
  };
  const row rows[] = {
      {1, 1000ms, 1000ms, 0ms},      {1, 1000ms, 4000ms, 3000ms}, {10, 1000ms, 4000ms, 300ms},
      {0.5, 1000ms, 4000ms, 6000ms}, {0, 1000ms, 4000ms, 0ms},  // as fast as possible
      {1, 1000ms, 400ms, -600ms},                               // out of order: overdue
      {1, 1000ms, 0ms, 0ms},                                    // without a time
  };
  for (const auto& row : rows) {
    replay::pacer pacer(row.speed);
    EXPECT_EQ(pacer.due(row.first, start), start);
    EXPECT_EQ(pacer.due(row.event, start) - start, row.after) << row.speed << ' ' << row.event.count();
  }
}

TEST(pacer, takes_its_measure_anew_when_it_restarts) {
  replay::pacer pacer(1);
  const replay::pacer::time_point start{100s};
  pacer.due(1000ms, start);
  pacer.restart();
  EXPECT_EQ(pacer.due(1000ms, start + 5s), start + 5s);
  EXPECT_EQ(pacer.due(1500ms, start + 5s), start + 5500ms);
}

TEST(pacer, bounds_what_absurd_times_ask_for) {
  for (const double speed : {1e-300, 1.0, 1e300}) {
    replay::pacer pacer(speed);
    const replay::pacer::time_point start{100s};
    pacer.due(1ms, start);
    EXPECT_LE(pacer.due(std::chrono::milliseconds::max(), start), start + std::chrono::years(1));
    pacer.restart();
    pacer.due(std::chrono::milliseconds::max(), start);
    EXPECT_GE(pacer.due(1ms, start), start - std::chrono::years(1));
  }
}
