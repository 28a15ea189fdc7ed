#pragma once
// The watchdog of a worker's event loop, inside its process: a timer whose signal looks at what the loop is doing, on
// the loop's own thread, however stuck that is. It runs only while the loop is busy: idle costs nothing, and a handler
// costs one test of a flag.
#include <chrono>
#include <cstddef>
#include <memory>
#include <vector>

#include "channel/worker_messages.hpp"
#include "status/block_writer.hpp"
#include "sys/tick_timer.hpp"
#include "worker/stuck_watch.hpp"

namespace lineshaft::runtime {

/// One in a process, made and destroyed on its loop's thread. What it finds goes straight to the manager.
class loop_watchdog {
 public:
  static result<std::unique_ptr<loop_watchdog>> make(std::chrono::milliseconds timeout, status::block_writer& block,
                                                     int channel);
  ~loop_watchdog();
  loop_watchdog(const loop_watchdog&) = delete;
  loop_watchdog& operator=(const loop_watchdog&) = delete;

  /// The loop has begun a handler.
  static void handler_begins() noexcept {
    if (the_one_ != nullptr && !the_one_->armed_) the_one_->arm();
  }

 private:
  loop_watchdog(std::chrono::milliseconds timeout, status::block_writer& block, int channel, sys::tick_timer timer,
                unique_fd schedule_statistics, unique_fd stack_file);

  void arm() noexcept;
  // ---- In the signal handler: nothing is allocated, nothing is locked.
  static void tick() noexcept;
  void look() noexcept;
  loop_look now() const noexcept;
  bool say(loop_verdict verdict) noexcept;
  void write_stack() noexcept;
  void say_stuck_without_stack() noexcept;

  static inline loop_watchdog* the_one_ = nullptr;

  status::block_writer& block_;
  int channel_;
  sys::tick_timer timer_;
  unique_fd schedule_statistics_;
  unique_fd stack_file_;
  stuck_watch watch_;
  volatile bool armed_ = false;
  volatile bool writing_ = false;  ///< the stack, in the tick that this one has interrupted
  loop_verdict said_ = loop_verdict::idle;
  std::vector<std::byte> message_;  ///< a watchdog_word of full length, encoded beforehand
};

}  // namespace lineshaft::runtime
