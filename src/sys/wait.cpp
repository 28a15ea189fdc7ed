#include "sys/wait.hpp"

#include <signal.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys/error.hpp"
#include "sys/fault.hpp"

namespace lineshaft::sys {
namespace {

// linux/pidfd.h of Linux 6.15, newer than the headers of Debian 13.
struct pidfd_info {
  std::uint64_t mask;
  std::uint64_t cgroupid;
  std::uint32_t pid, tgid, ppid, ruid, rgid, euid, egid, suid, sgid, fsuid, fsgid;
  std::int32_t exit_code;
};
constexpr std::uint64_t pidfd_info_exit = 1U << 3;
constexpr unsigned long pidfd_get_info = _IOWR(0xFF, 11, pidfd_info);

void set_code(exit_status& status, int wait_status) {
  if (WIFSIGNALED(wait_status)) {
    status.code = -WTERMSIG(wait_status);
    status.core_dumped = WCOREDUMP(wait_status);
  } else {
    status.code = WEXITSTATUS(wait_status);
  }
}

exit_status ask_pidfd(int pidfd) {
  exit_status status;
  pidfd_info info{};
  info.mask = pidfd_info_exit;
  status.known = ::ioctl(pidfd, pidfd_get_info, &info) == 0 && (info.mask & pidfd_info_exit) != 0;
  if (status.known) set_code(status, info.exit_code);
  return status;
}

std::chrono::microseconds microseconds_of(const timeval& time) {
  return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
}

// The system call itself: glibc's waitid() leaves the resource usage out.
long waitid_with_usage(idtype_t kind, id_t id, siginfo_t& info, int options, rusage* usage) {
  for (;;) {
    info.si_pid = 0;
    const long done = ::syscall(SYS_waitid, kind, id, &info, options | __WALL, usage);
    if (done == 0 || errno != EINTR) return done;
  }
}

std::optional<exit_status> reap_by(idtype_t kind, id_t id) {
  siginfo_t info{};
  rusage usage{};
  if (waitid_with_usage(kind, id, info, WEXITED | WNOHANG, &usage) < 0) {
    exit_status unknown;
    unknown.known = false;
    return kind == P_PIDFD ? ask_pidfd(static_cast<int>(id)) : unknown;
  }
  if (info.si_pid == 0) return std::nullopt;
  exit_status status;
  status.code = info.si_code == CLD_EXITED ? info.si_status : -info.si_status;
  status.core_dumped = info.si_code == CLD_DUMPED;
  status.user_time = microseconds_of(usage.ru_utime);
  status.system_time = microseconds_of(usage.ru_stime);
  status.max_resident_bytes = static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
  return status;
}

}  // namespace

result<unique_fd> pidfd_open(pid_t pid) {
  if (auto ec = injected("pidfd_open")) return fail(ec, "cannot open pidfd of " + std::to_string(pid));
  const auto fd = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  if (fd < 0) return fail(last_error(), "cannot open pidfd of " + std::to_string(pid));
  return unique_fd{fd};
}

result<> pidfd_send_signal(int pidfd, int signal) {
  if (auto ec = injected("pidfd_send_signal")) return fail(ec, "cannot signal a process");
  if (::syscall(SYS_pidfd_send_signal, pidfd, signal, nullptr, 0) < 0)
    return fail(last_error(), "cannot signal a process");
  return {};
}

result<bool> has_ended(int pidfd) {
  siginfo_t info{};
  if (waitid_with_usage(P_PIDFD, static_cast<id_t>(pidfd), info, WEXITED | WNOHANG | WNOWAIT, nullptr) < 0) {
    return fail(last_error(), "cannot wait for a process");
  }
  return info.si_pid != 0;
}

bool stopped_or_continued(int pidfd) {
  siginfo_t info{};
  bool changed = false;
  // One at a time, and it may have been both.
  while (waitid_with_usage(P_PIDFD, static_cast<id_t>(pidfd), info, WSTOPPED | WCONTINUED | WNOHANG, nullptr) == 0 &&
         info.si_pid != 0)
    changed = true;
  return changed;
}

std::optional<exit_status> reap(int pidfd) { return reap_by(P_PIDFD, static_cast<id_t>(pidfd)); }

std::optional<exit_status> reap_pid(pid_t pid) { return reap_by(P_PID, static_cast<id_t>(pid)); }

void kill_group(pid_t leader, int signal) noexcept {
  if (leader > 1) ::kill(-leader, signal);
}

}  // namespace lineshaft::sys
