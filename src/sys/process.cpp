#include "sys/process.hpp"

#include <dirent.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "sys/error.hpp"
#include "sys/fault.hpp"

namespace lineshaft::sys {
namespace {

timer_t orphan_timer{};
itimerspec orphan_grace{};

// Async-signal-safe: timer_settime(2) is, and nothing else is done.
void start_orphan_timer(int) noexcept { ::timer_settime(orphan_timer, 0, &orphan_grace, nullptr); }

int parent_death_signal() noexcept { return SIGRTMIN + 5; }

}  // namespace

blocked_signals::blocked_signals() noexcept {
  sigset_t all;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before_);
}

blocked_signals::~blocked_signals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

void reset_signals() noexcept {
  struct sigaction by_default{};
  by_default.sa_handler = SIG_DFL;
  for (int signal = 1; signal < NSIG; ++signal) ::sigaction(signal, &by_default, nullptr);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

void ignore_signal(int signal) noexcept { ::signal(signal, SIG_IGN); }

void lead_group() noexcept { ::setpgid(0, 0); }

void set_name(const std::string& name) noexcept { ::prctl(PR_SET_NAME, name.c_str()); }

void lower_thread_priority() noexcept { ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), 19); }

unsigned thread_count() noexcept {
  DIR* tasks = ::opendir("/proc/self/task");
  if (tasks == nullptr) return 0;
  unsigned count = 0;
  while (const auto* entry = ::readdir(tasks)) count += entry->d_name[0] != '.' ? 1 : 0;
  ::closedir(tasks);
  return count;
}

bool die_after_parent(pid_t expected, std::chrono::milliseconds grace) noexcept {
  sigevent kill_me{};
  kill_me.sigev_notify = SIGEV_SIGNAL;
  kill_me.sigev_signo = SIGKILL;
  // Without a timer (RLIMIT_SIGPENDING) there is no grace: the signal itself kills.
  if (injected("timer_create") || ::timer_create(CLOCK_MONOTONIC, &kill_me, &orphan_timer) != 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    return ::getppid() == expected;
  }
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(grace);
  orphan_grace.it_value = {seconds.count(), std::chrono::nanoseconds(grace - seconds).count()};
  struct sigaction on_death{};
  on_death.sa_handler = start_orphan_timer;
  on_death.sa_flags = SA_RESTART;
  ::sigaction(parent_death_signal(), &on_death, nullptr);
  ::prctl(PR_SET_PDEATHSIG, parent_death_signal());
  return ::getppid() == expected;
}

void reap_now(int pidfd) noexcept {
  siginfo_t info{};
  while (::waitid(P_PIDFD, static_cast<id_t>(pidfd), &info, WEXITED | __WALL) < 0 && errno == EINTR) {
  }
}

}  // namespace lineshaft::sys
