#include "sys/forked.hpp"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>

#include "sys/error.hpp"
#include "sys/poll.hpp"

namespace lineshaft::sys {
namespace {

sigset_t set_of(std::initializer_list<int> signals) {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int one : signals) ::sigaddset(&set, one);
  return set;
}

/// Signals that come as something to be read, for its own lifetime. Those that are not to be read wait, and are thrown
/// away in the end.
class caught_signals {
 public:
  caught_signals() {
    const auto passed_on = set_of({SIGTERM, SIGHUP});
    const auto blocked = set_of({SIGTERM, SIGHUP, SIGINT, SIGQUIT});
    ::sigprocmask(SIG_BLOCK, &blocked, &before_);
    fd_ = unique_fd(::signalfd(-1, &passed_on, SFD_CLOEXEC | SFD_NONBLOCK));
  }
  ~caught_signals() {
    const auto of_the_child = set_of({SIGINT, SIGQUIT});
    const timespec now{};
    while (::sigtimedwait(&of_the_child, nullptr, &now) > 0) {
    }
    restore();
  }
  caught_signals(const caught_signals&) = delete;
  caught_signals& operator=(const caught_signals&) = delete;

  void restore() const { ::sigprocmask(SIG_SETMASK, &before_, nullptr); }
  int fd() const { return fd_.get(); }
  int next() const {
    signalfd_siginfo one{};
    return ::read(fd_.get(), &one, sizeof one) == sizeof one ? static_cast<int>(one.ssi_signo) : 0;
  }

 private:
  sigset_t before_{};
  unique_fd fd_;
};

}  // namespace

result<exit_status> run_forked(const std::function<int()>& what) {
  const caught_signals signals;
  const auto parent = ::getpid();
  const auto child = ::fork();
  if (child < 0) return fail(last_error(), "cannot fork");
  if (child == 0) {
    signals.restore();
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != parent) ::_exit(0);
    ::_exit(what());
  }
  auto handle = pidfd_open(child);
  if (!handle) return std::unexpected(handle.error());
  auto news = poller::make();
  if (!news) return std::unexpected(news.error());
  for (const int fd : {handle->get(), signals.fd()}) {
    if (auto added = news->add(fd); !added) return std::unexpected(added.error());
  }
  while (!std::ranges::contains(news->wait(std::nullopt), handle->get())) {
    if (const int signal = signals.next(); signal != 0) (void)pidfd_send_signal(handle->get(), signal);
  }
  return reap(handle->get()).value_or(exit_status{.known = false});
}

}  // namespace lineshaft::sys
