#pragma once
// Whether one handler keeps the event loop for too long: told apart from a loop that is idle, from a process that
// does not get the processor, and from one that is stopped. Pure, and async-signal-safe: it is asked from a signal
// handler, while the loop is wherever it is.
#include <chrono>

#include "channel/worker_messages.hpp"

namespace lineshaft::runtime {

using channel::loop_verdict;

/// What is seen at one tick.
struct loop_look {
  std::chrono::nanoseconds now{};             ///< CLOCK_MONOTONIC
  std::chrono::nanoseconds handler_began{};   ///< the same clock
  std::chrono::nanoseconds waited_for_cpu{};  ///< of the loop's thread, since it exists: its run queue delay
  bool busy = false;
};

/// Ticks come at every `period()` while the loop is busy. What counts against a handler is only the time in which
/// its thread ran, or waited for something that it asked for itself.
class stuck_watch {
 public:
  explicit stuck_watch(std::chrono::nanoseconds timeout) noexcept : timeout_(timeout) {}

  std::chrono::nanoseconds period() const noexcept { return timeout_ / 2; }
  /// The first tick will come in a period.
  void begin(const loop_look& look) noexcept;
  loop_verdict tick(const loop_look& look) noexcept;

 private:
  std::chrono::nanoseconds timeout_;
  std::chrono::nanoseconds looked_{}, waited_{};  ///< at the last look
  std::chrono::nanoseconds handler_began_{};      ///< of the handler that is watched
  std::chrono::nanoseconds taken_{};              ///< by it
};

}  // namespace lineshaft::runtime
