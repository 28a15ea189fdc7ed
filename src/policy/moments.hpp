#pragma once
// Moments and spans of time as decisions use them.
#include <algorithm>
#include <chrono>

namespace lineshaft::policy {

/// A moment on the monotonic clock: std::chrono::steady_clock, of which no decision ever asks the time.
using time_point = std::chrono::steady_clock::time_point;

/// Longer than any process lives. "No limit", said as milliseconds::max(), would overflow the clock's nanoseconds.
inline constexpr std::chrono::milliseconds longest_span = std::chrono::hours(24 * 365 * 10);

/// The moment `span` after another.
inline time_point after(time_point moment, std::chrono::milliseconds span) {
  return moment + std::min(span, longest_span);
}

}  // namespace lineshaft::policy
