#include "worker/stuck_watch.hpp"

#include <algorithm>

namespace lineshaft::runtime {
using std::chrono::nanoseconds;

void stuck_watch::begin(const loop_look& look) noexcept {
  looked_ = look.now;
  waited_ = look.waited_for_cpu;
  handler_began_ = look.handler_began;
  taken_ = {};
}

loop_verdict stuck_watch::tick(const loop_look& look) noexcept {
  const auto since_look = look.now - looked_;
  const auto waited = look.waited_for_cpu - waited_;
  looked_ = look.now;
  waited_ = look.waited_for_cpu;
  if (!look.busy) return loop_verdict::idle;
  if (look.handler_began != handler_began_) {
    handler_began_ = look.handler_began;
    taken_ = {};
  }
  // A tick that comes far too late: not even a signal was taken meanwhile, and nobody knows since when. None of that
  // time counts.
  const bool late = since_look > period() * 3 / 2;
  const auto lost = late ? since_look : std::clamp(waited, nanoseconds(0), since_look);
  const auto own = std::min(since_look - lost, std::max(look.now - look.handler_began - lost, nanoseconds(0)));
  taken_ += own;
  if (taken_ >= timeout_) return loop_verdict::stuck;
  if (lost > since_look / 2) return waited > since_look / 2 ? loop_verdict::starved : loop_verdict::stopped;
  return taken_ >= period() ? loop_verdict::slow : loop_verdict::working;
}

}  // namespace lineshaft::runtime
