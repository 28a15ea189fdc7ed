#include "sys/forked.hpp"

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "sys/error.hpp"
#include "sys/poll.hpp"

namespace lineshaft::sys {
namespace {

/// Ignored by this process, for its own lifetime.
class ignored_signal {
 public:
  explicit ignored_signal(int number) : number_(number) {
    struct sigaction ignore{};
    ignore.sa_handler = SIG_IGN;
    ::sigaction(number_, &ignore, &before_);
  }
  ~ignored_signal() { restore(); }
  ignored_signal(const ignored_signal&) = delete;
  ignored_signal& operator=(const ignored_signal&) = delete;
  void restore() const { ::sigaction(number_, &before_, nullptr); }

 private:
  int number_;
  struct sigaction before_{};
};

}  // namespace

result<exit_status> run_forked(const std::function<int()>& what) {
  const ignored_signal interrupt(SIGINT), quit(SIGQUIT);
  const auto parent = ::getpid();
  const auto child = ::fork();
  if (child < 0) return fail(last_error(), "cannot fork");
  if (child == 0) {
    interrupt.restore();
    quit.restore();
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != parent) ::_exit(0);
    ::_exit(what());
  }
  auto handle = pidfd_open(child);
  if (!handle) return std::unexpected(handle.error());
  auto ended = poller::make();
  if (!ended) return std::unexpected(ended.error());
  if (auto added = ended->add(handle->get()); !added) return std::unexpected(added.error());
  while (ended->wait(std::nullopt).empty()) {
  }
  const auto status = reap(handle->get());
  return status.value_or(exit_status{.known = false});
}

}  // namespace lineshaft::sys
