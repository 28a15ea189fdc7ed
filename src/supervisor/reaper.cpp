#include "supervisor/reaper.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>

#include "sys/wait.hpp"

namespace lineshaft::supervisor {

void reaper::take(unique_fd pidfd, std::function<void()> reaped) {
  if (pidfd) wait_for(std::make_shared<descriptor>(loop_, pidfd.release()), std::move(reaped));
}

void reaper::wait_for(std::shared_ptr<descriptor> handle, std::function<void()> reaped) {
  auto& pidfd = *handle;
  pidfd.async_wait(descriptor::wait_read, [this, handle = std::move(handle),
                                           reaped = std::move(reaped)](boost::system::error_code ec) mutable {
    if (ec) return;
    // It can be read a moment before the process can be reaped.
    if (!sys::reap(handle->native_handle())) return wait_for(std::move(handle), std::move(reaped));
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
  take(pid, {});
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
