#pragma once
// How much of the machine one process may use: the limits of setrlimit(2).
#include <cstdint>
#include <limits>
#include <optional>

namespace lineshaft {

/// No limit (RLIM_INFINITY).
inline constexpr std::uint64_t unlimited = std::numeric_limits<std::uint64_t>::max();

/// The limit that holds, and how far the process may raise it itself. One number stands for both:
/// `.limits = {.core = 0, .nofile = {{1024, 4096}}}`.
struct resource_limit {
  std::uint64_t soft = unlimited, hard = unlimited;

  constexpr resource_limit() = default;
  constexpr resource_limit(std::uint64_t both) : soft(both), hard(both) {}  // NOLINT(google-explicit-constructor)
  constexpr resource_limit(std::uint64_t now, std::uint64_t at_most) : soft(now), hard(at_most) {}
  friend bool operator==(const resource_limit&, const resource_limit&) = default;
};

/// By their names in setrlimit(2) without RLIMIT_, and in its units. One that is not named stays as the
/// manager has it. A value above the manager's own hard limit takes CAP_SYS_RESOURCE.
struct resource_limits {
  std::optional<resource_limit> as;        ///< bytes of address space
  std::optional<resource_limit> core;      ///< bytes of a core file; 0: none is written
  std::optional<resource_limit> cpu;       ///< seconds of CPU time: SIGXCPU at the soft one, SIGKILL at the hard one
  std::optional<resource_limit> data;      ///< bytes of data and heap
  std::optional<resource_limit> fsize;     ///< bytes of any file that it writes
  std::optional<resource_limit> memlock;   ///< bytes locked in memory
  std::optional<resource_limit> msgqueue;  ///< bytes in POSIX message queues
  std::optional<resource_limit> nice;      ///< 20 - n: down to which nice value n it may go
  std::optional<resource_limit> nofile;    ///< the first descriptor number that it cannot have
  std::optional<resource_limit> nproc;     ///< processes and threads of its user
  std::optional<resource_limit> rtprio;    ///< real-time priority
  std::optional<resource_limit> rttime;    ///< microseconds of real-time CPU without a blocking call
  std::optional<resource_limit> sigpending;
  std::optional<resource_limit> stack;  ///< bytes of the main thread's stack
  friend bool operator==(const resource_limits&, const resource_limits&) = default;
};

}  // namespace lineshaft
