#include "supervisor/reaper.hpp"

#include <algorithm>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <chrono>
#include <csignal>
#include <memory>

#include "sys/wait.hpp"

namespace lineshaft::supervisor {
namespace asio = boost::asio;

void reaper::take(unique_fd pidfd, std::function<void()> reaped) {
  if (!pidfd) return;
  auto handle = std::make_shared<asio::posix::stream_descriptor>(loop_, pidfd.release());
  handle->async_wait(asio::posix::stream_descriptor::wait_read,
                     [handle, reaped = std::move(reaped)](boost::system::error_code ec) {
                       if (ec) return;
                       (void)sys::reap(handle->native_handle());
                       if (reaped) reaped();
                     });
}

void reaper::take(pid_t pid, std::function<void()> reaped) {
  if (auto handle = sys::pidfd_open(pid)) return take(std::move(*handle), std::move(reaped));
  without_handle_.push_back({pid, std::move(reaped)});
  try_to_reap();
}

void reaper::kill(pid_t pid) {
  sys::kill_group(pid, SIGKILL);
  ::kill(pid, SIGKILL);  // ours and not reaped: the number can be nobody else's
  without_handle_.push_back({pid, {}});
  try_to_reap();
}

// Without a handle nothing tells when it has ended: the only place that looks again and again, and only
// while a killed process is on its way out of a manager whose descriptor table is full.
void reaper::try_to_reap() {
  const auto gone = std::ranges::partition(without_handle_, [](const child& one) { return !sys::reap_pid(one.pid); });
  const std::vector<child> reaped(gone.begin(), gone.end());
  without_handle_.erase(gone.begin(), gone.end());
  for (const auto& one : reaped)
    if (one.reaped) one.reaped();
  if (without_handle_.empty()) return;
  again_.expires_after(std::chrono::milliseconds(10));
  again_.async_wait([this](boost::system::error_code ec) {
    if (!ec) try_to_reap();
  });
}

}  // namespace lineshaft::supervisor
