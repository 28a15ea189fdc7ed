#pragma once
// Waiting for many descriptors, for the one process that has no Asio: epoll(7), poll(2).
#include <chrono>
#include <optional>
#include <span>
#include <vector>

#include "lineshaft/error.hpp"
#include "lineshaft/unique_fd.hpp"

namespace lineshaft::sys {

class poller {
 public:
  static result<poller> make();

  /// Level-triggered: `wait` names `fd` while it can be read, or its other side is gone.
  result<> add(int fd);
  void remove(int fd) noexcept;
  /// The descriptors that are ready; none when `timeout` has passed. No timeout: waits for ever.
  std::vector<int> wait(std::optional<std::chrono::milliseconds> timeout);

 private:
  explicit poller(unique_fd fd) : fd_(std::move(fd)) {}
  unique_fd fd_;
};

/// Blocks until `fd` can be read, or its other side is gone; or `other`, if that is one (not -1).
void wait_readable(int fd, int other) noexcept;
/// Whether that is so now, or comes true within `patience`.
bool is_readable(int fd, std::chrono::milliseconds patience = {}) noexcept;
/// Blocks until `fd` can be written to, or its other side is gone.
void wait_writable(int fd) noexcept;

}  // namespace lineshaft::sys
