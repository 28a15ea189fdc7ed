#pragma once
// What a program says of itself over NOTIFY_SOCKET: one datagram of sd_notify(3), read without trust.
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace lineshaft::policy {

/// Longer ones are refused: systemd's own bound (PIPE_BUF).
inline constexpr std::size_t longest_notification = 4096;

struct notification {
  bool ready = false;             ///< READY=1
  bool reloading = false;         ///< RELOADING=1
  bool stopping = false;          ///< STOPPING=1
  bool watchdog = false;          ///< WATCHDOG=1
  bool watchdog_trigger = false;  ///< WATCHDOG=trigger
  bool barrier = false;           ///< BARRIER=1: the descriptor with it is to be closed
  std::optional<std::string> status;
  std::optional<int> error_number;
  std::optional<std::chrono::microseconds> extend_timeout;
  std::optional<std::string> main_pid;  ///< never believed: the worker is the process that was started
  friend bool operator==(const notification&, const notification&) = default;
};

/// None: too long, with a NUL inside, or without any assignment. Unknown names and bad values are passed over.
std::optional<notification> parse_notification(std::string_view datagram);

}  // namespace lineshaft::policy
