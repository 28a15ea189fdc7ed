#pragma once
// What the kernel tells of a living process: proc_pid_stat(5), proc_pid_statm(5), /proc/PID/schedstat.
#include <sys/types.h>

#include <chrono>
#include <cstdint>

namespace lineshaft::sys {

struct vitals {
  bool stopped = false;               ///< by a signal, or traced
  std::chrono::nanoseconds waited{};  ///< of its first thread, in run queues; 0 where the kernel does not count it
  std::uint64_t resident_bytes = 0;
  std::chrono::microseconds user_time{}, system_time{};  ///< of the processor, by all of its threads
};

/// Of one that is gone: nothing.
vitals vitals_of(pid_t process);

}  // namespace lineshaft::sys
