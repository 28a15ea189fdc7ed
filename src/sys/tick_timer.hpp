#pragma once
// A timer that interrupts one thread: timer_create(2) with SIGEV_THREAD_ID, and what the scheduler says of a thread.
#include <chrono>
#include <cstddef>
#include <ctime>
#include <span>

#include "lineshaft/error.hpp"
#include "lineshaft/unique_fd.hpp"

namespace lineshaft::sys {

/// Interrupts the thread that made it, and no other, by a real-time signal. One in a process.
class tick_timer {
 public:
  /// `tick` runs as a signal handler: it may do what signal-safety(7) allows. errno is kept for it.
  static result<tick_timer> make(void (*tick)() noexcept);
  tick_timer(tick_timer&& other) noexcept;
  tick_timer& operator=(tick_timer&&) = delete;
  ~tick_timer();

  /// Once, after `span`. Async-signal-safe.
  void arm(std::chrono::nanoseconds span) noexcept;

 private:
  explicit tick_timer(timer_t timer) : timer_(timer) {}
  timer_t timer_ = nullptr;
  bool owns_ = true;
};

/// While it exists inside a tick, the next tick interrupts that. Async-signal-safe.
class ticks_inside_a_tick {
 public:
  ticks_inside_a_tick() noexcept;
  ~ticks_inside_a_tick();
  ticks_inside_a_tick(const ticks_inside_a_tick&) = delete;
  ticks_inside_a_tick& operator=(const ticks_inside_a_tick&) = delete;
};

/// /proc/thread-self/schedstat, for `waited_for_cpu`.
result<unique_fd> open_schedule_statistics();
/// How long the thread has stood in a run queue since it exists (proc(5); the second number). 0 where the kernel does
/// not count it. Async-signal-safe.
std::chrono::nanoseconds waited_for_cpu(int schedule_statistics) noexcept;

/// backtrace(3) of the calling thread as text, a line a frame, through a scratch file; zeros behind it. Loads what it
/// needs at the first call, which is not async-signal-safe; any later one is.
void backtrace_into(int scratch, std::span<std::byte> text) noexcept;

}  // namespace lineshaft::sys
