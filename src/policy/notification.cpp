#include "policy/notification.hpp"

#include <cstdint>

#include "base/whole_number.hpp"
#include "policy/moments.hpp"

namespace lineshaft::policy {
namespace {

constexpr int largest_errno = 4095;

std::optional<std::chrono::microseconds> time_of(std::string_view text) {
  const auto number = whole_number<std::uint64_t>(text);
  if (!number) return std::nullopt;
  const auto longest = std::chrono::microseconds(longest_span);
  if (*number > static_cast<std::uint64_t>(longest.count())) return longest;
  return std::chrono::microseconds(static_cast<std::int64_t>(*number));
}

void assign(notification& to, std::string_view name, std::string_view value) {
  const bool is_one = value == "1";
  if (name == "READY") to.ready = to.ready || is_one;
  if (name == "RELOADING") to.reloading = to.reloading || is_one;
  if (name == "STOPPING") to.stopping = to.stopping || is_one;
  if (name == "WATCHDOG") to.watchdog = to.watchdog || is_one;
  if (name == "WATCHDOG") to.watchdog_trigger = to.watchdog_trigger || value == "trigger";
  if (name == "BARRIER") to.barrier = to.barrier || is_one;
  if (name == "STATUS") to.status = value;
  if (name == "MAINPID") to.main_pid = value;
  if (name == "EXTEND_TIMEOUT_USEC") {
    if (const auto time = time_of(value)) to.extend_timeout = time;
  }
  if (name == "ERRNO") {
    if (const auto number = whole_number<std::uint64_t>(value); number && *number <= largest_errno)
      to.error_number = static_cast<int>(*number);
  }
}

}  // namespace

std::optional<notification> parse_notification(std::string_view datagram) {
  if (datagram.ends_with('\0')) datagram.remove_suffix(1);
  if (datagram.size() > longest_notification || datagram.contains('\0')) return std::nullopt;
  notification parsed;
  bool any = false;
  while (!datagram.empty()) {
    const auto line = datagram.substr(0, datagram.find('\n'));
    datagram.remove_prefix(std::min(datagram.size(), line.size() + 1));
    const auto equals = line.find('=');
    if (equals == std::string_view::npos || equals == 0) continue;
    any = true;
    assign(parsed, line.substr(0, equals), line.substr(equals + 1));
  }
  if (!any) return std::nullopt;
  return parsed;
}

}  // namespace lineshaft::policy
