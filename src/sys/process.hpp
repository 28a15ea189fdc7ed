#pragma once
// What a process says of itself to the kernel: signals, name, group, the death of its parent.
#include <signal.h>
#include <sys/types.h>

#include <chrono>
#include <string>

#include "lineshaft/error.hpp"

namespace lineshaft::sys {

/// Blocks all signals on this thread for its own lifetime.
class blocked_signals {
 public:
  blocked_signals() noexcept;
  ~blocked_signals();
  blocked_signals(const blocked_signals&) = delete;
  blocked_signals& operator=(const blocked_signals&) = delete;

 private:
  sigset_t before_;
};

/// Default dispositions for all, then an empty mask. Async-signal-safe.
void reset_signals() noexcept;
void ignore_signal(int signal) noexcept;
/// The process leads a group of its own: a terminal's Ctrl-C reaches the manager alone.
void lead_group() noexcept;
/// What ps(1) shows: the first 15 bytes of it.
void set_name(const std::string& name) noexcept;
/// This thread alone gets the lowest priority (setpriority(2) is per thread on Linux).
void lower_thread_priority() noexcept;
/// Threads of this process, from /proc/self/task. 0 if that cannot be read.
unsigned thread_count() noexcept;

/// The last resort against orphans: when the thread that is this process's parent ends, a timer starts
/// that kills this process after `grace`, whatever its loop does then (PR_SET_PDEATHSIG, timer_settime(2)).
/// False if the parent, `expected`, has ended already.
bool die_after_parent(pid_t expected, std::chrono::milliseconds grace) noexcept;

/// Waits for a child that is just ending and reaps it.
void reap_now(int pidfd) noexcept;

}  // namespace lineshaft::sys
