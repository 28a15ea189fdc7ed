#pragma once
// The last lines that all workers of one manager have printed, numbered, for whoever wants to look on. Bounded by
// their bytes, so that a reader who is too slow misses some and holds up nobody.
#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "output/line_stamp.hpp"

namespace lineshaft::output {

struct line_origin {
  std::string worker;
  std::uint32_t generation = 0;
};

struct recent_line {
  std::uint64_t id;
  std::chrono::system_clock::time_point time;
  std::shared_ptr<const line_origin> origin;
  stream from;
  std::string text;
};

/// Callable from any thread.
class recent_lines {
 public:
  static constexpr std::size_t most_bytes = 1024 * 1024;

  struct excerpt {
    std::uint64_t missed = 0;  ///< not kept any more
    std::uint64_t last = 0;    ///< the number to go on from
    std::vector<recent_line> items;
  };

  /// The last ones of `count` lines that came together.
  void add(const std::shared_ptr<const line_origin>& origin, stream from, std::chrono::system_clock::time_point time,
           std::span<const std::string_view> last, std::uint64_t count);
  /// At most `most` of those after this number; one that has not come yet stands for none.
  excerpt after(std::uint64_t id, std::size_t most) const;
  std::uint64_t last() const;

  /// While somebody follows, every line is kept, and `more` is called at each addition, by whoever adds.
  void follow(std::function<void()> more);
  void unfollow();
  bool is_followed() const { return followed_.load(std::memory_order_relaxed); }

 private:
  mutable std::mutex mutex_;
  std::atomic<bool> followed_ = false;
  std::function<void()> more_;
  std::uint64_t last_ = 0;
  std::size_t bytes_ = 0;
  std::deque<recent_line> kept_;
};

}  // namespace lineshaft::output
