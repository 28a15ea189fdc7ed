#include "worker/stuck_watch.hpp"

#include <gtest/gtest.h>

#include <vector>

using namespace lineshaft;
using namespace lineshaft::runtime;
using namespace std::chrono_literals;
using enum channel::loop_verdict;

namespace {

constexpr auto timeout = 4s;  // a tick every 2 s

loop_look busy(std::chrono::nanoseconds now, std::chrono::nanoseconds began, std::chrono::nanoseconds waited = 0s) {
  return {.now = 100s + now, .handler_began = 100s + began, .waited_for_cpu = waited, .busy = true};
}

loop_look resting(std::chrono::nanoseconds now) { return {.now = 100s + now, .busy = false}; }

}  // namespace

TEST(stuck_watch, tells_a_stuck_loop_from_every_other) {
  const struct {
    const char* name;
    loop_look first;
    std::vector<loop_look> ticks;
    std::vector<loop_verdict> verdicts;
  } rows[] = {
      {"idle again", busy(0s, 0s), {resting(2s)}, {idle}},
      {"many short handlers",
       busy(0s, 0s),
       {busy(2s, 1900ms), busy(4s, 3999ms), busy(6s, 5s)},
       {working, working, working}},
      {"one that takes long", busy(0s, 0s), {busy(2s, 0s), resting(4s)}, {slow, idle}},
      {"one that never ends", busy(0s, 0s), {busy(2s, 0s), busy(4s, 0s)}, {slow, stuck}},
      {"a later one never ends", busy(0s, 0s), {busy(2s, 1s), busy(4s, 1s), busy(6s, 1s)}, {working, slow, stuck}},
      {"no processor at all",
       busy(0s, 0s),
       {busy(2s, 0s, 2s), busy(4s, 0s, 4s), busy(9s, 0s, 9s)},
       {starved, starved, starved}},
      {"a third of a processor",
       busy(0s, 0s),
       {busy(2s, 0s, 1334ms), busy(4s, 0s, 2667ms), busy(6s, 0s, 4s), busy(12s, 0s, 8700ms)},
       {starved, starved, starved, starved}},
      {"half a processor, for long",
       busy(0s, 0s),
       {busy(2s, 0s, 1s), busy(4s, 0s, 2s), busy(6s, 0s, 3s), busy(8s, 0s, 4s)},
       {working, slow, slow, stuck}},
      {"stopped for an hour", busy(0s, 0s), {busy(3600s, 0s), busy(3602s, 3601s)}, {stopped, working}},
      {"stopped, and stuck as well",
       busy(0s, 0s),
       {busy(3600s, 0s), busy(3602s, 0s), busy(3604s, 0s)},
       {stopped, slow, stuck}},
      {"a look before the handler began", busy(0s, 0s), {busy(2s, 2s)}, {working}},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    stuck_watch watch(timeout);
    watch.begin(row.first);
    std::vector<loop_verdict> verdicts;
    for (const auto& look : row.ticks) verdicts.push_back(watch.tick(look));
    EXPECT_EQ(verdicts, row.verdicts);
  }
}
