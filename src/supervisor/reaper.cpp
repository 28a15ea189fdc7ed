#include "supervisor/reaper.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <chrono>
#include <csignal>
#include <memory>

#include "sys/wait.hpp"

namespace lineshaft::supervisor {
namespace asio = boost::asio;

void reaper::take(unique_fd pidfd) {
  if (!pidfd) return;
  auto handle = std::make_shared<asio::posix::stream_descriptor>(loop_, pidfd.release());
  handle->async_wait(asio::posix::stream_descriptor::wait_read, [handle](boost::system::error_code ec) {
    if (!ec) (void)sys::reap(handle->native_handle());
  });
}

void reaper::kill(pid_t pid) {
  sys::kill_group(pid, SIGKILL);
  ::kill(pid, SIGKILL);  // ours and not reaped: the number can be nobody else's
  without_handle_.push_back(pid);
  try_to_reap();
}

// Without a handle nothing tells when it has ended: the only place that looks again and again, and only
// while a killed process is on its way out of a manager whose descriptor table is full.
void reaper::try_to_reap() {
  std::erase_if(without_handle_, [](pid_t pid) { return sys::reap_pid(pid).has_value(); });
  if (without_handle_.empty()) return;
  again_.expires_after(std::chrono::milliseconds(10));
  again_.async_wait([this](boost::system::error_code ec) {
    if (!ec) try_to_reap();
  });
}

}  // namespace lineshaft::supervisor
