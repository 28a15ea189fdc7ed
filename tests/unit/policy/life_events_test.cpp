#include "policy/life_events.hpp"

#include <gtest/gtest.h>

using namespace lineshaft;
using namespace lineshaft::policy;

TEST(life_events, each_phase_is_told_once_when_it_is_reached) {
  using enum event_kind;
  const struct {
    phase before, now;
    worker_state as;
    std::optional<event_kind> expected;
  } rows[] = {
      {phase::down, phase::down, worker_state::stopped, std::nullopt},
      {phase::down, phase::held, worker_state::starting, std::nullopt},
      {phase::held, phase::launching, worker_state::starting, starting},
      {phase::launching, phase::starting, worker_state::starting, started},
      {phase::starting, phase::running, worker_state::running, ready},
      {phase::running, phase::unready, worker_state::running, unready},
      {phase::unready, phase::running, worker_state::running, ready},
      {phase::running, phase::stopping, worker_state::stopping, stopping},
      {phase::stopping, phase::killing, worker_state::stopping, std::nullopt},
      {phase::running, phase::killing, worker_state::stopping, stopping},
      {phase::running, phase::backoff, worker_state::backoff, backoff},
      {phase::stopping, phase::down, worker_state::stopped, stopped},
      {phase::stopping, phase::down, worker_state::completed, completed},
      {phase::running, phase::down, worker_state::failed, failed},
  };
  for (const auto& row : rows) EXPECT_EQ(event_of(row.before, row.now, row.as), row.expected);
}
