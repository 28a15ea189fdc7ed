#pragma once
// How a process ended, and the handle by which it is waited for and signalled: pidfd_open(2), waitid(2).
#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>

#include "lineshaft/error.hpp"
#include "lineshaft/unique_fd.hpp"

namespace lineshaft::sys {

/// What the kernel says of an ended process.
struct exit_status {
  int code = 0;  ///< exit code, or -signal
  bool known = true;
  bool core_dumped = false;
  bool out_of_memory = false;  ///< by the word of its control group
  std::chrono::microseconds user_time{}, system_time{};
  std::uint64_t max_resident_bytes = 0;

  bool by_signal() const { return code < 0; }
};

result<unique_fd> pidfd_open(pid_t pid);
/// Sends a signal to exactly the process behind the handle. "No such process" if it has ended and been reaped.
result<> pidfd_send_signal(int pidfd, int signal);
/// waitid(2), P_PIDFD, WNOWAIT: whether the child has ended; it stays a zombie, so its pid and
/// process group cannot be used again. An error means that it is no child of ours any more.
result<bool> has_ended(int pidfd);
/// waitid(2), WSTOPPED | WCONTINUED: whether the child was stopped by a signal, or goes on after that, since this was
/// asked last.
bool stopped_or_continued(int pidfd);
/// Reaps an ended child. Where something else has reaped it, the code comes from PIDFD_GET_INFO where
/// the kernel keeps it (Linux 6.15), else it is unknown. Never blocks: empty while the child runs.
std::optional<exit_status> reap(int pidfd);
/// The same for a child that has no handle because the descriptor table was full.
std::optional<exit_status> reap_pid(pid_t pid);
/// kill(2) to the whole group of `leader`, which must be a child of ours that is not reaped yet.
void kill_group(pid_t leader, int signal) noexcept;

}  // namespace lineshaft::sys
