#include "output/account.hpp"

#include <utility>

namespace lineshaft::output {

void account::add_read(std::uint64_t lines, std::uint64_t bytes) noexcept {
  lines_.fetch_add(lines, std::memory_order_relaxed);
  bytes_.fetch_add(bytes, std::memory_order_relaxed);
}

void account::add_lost(std::uint64_t lines, std::uint64_t bytes) noexcept {
  lost_lines_.fetch_add(lines, std::memory_order_relaxed);
  lost_bytes_.fetch_add(bytes, std::memory_order_relaxed);
}

void account::set(std::string& which, std::string why) {
  if (why.empty() && !has_error_) return;
  const std::scoped_lock lock(mutex_);
  which = std::move(why);
  has_error_ = !error_.empty() || !rotation_error_.empty();
}

output_status account::status() const {
  output_status now{lines_.load(std::memory_order_relaxed),
                    bytes_.load(std::memory_order_relaxed),
                    lost_lines_.load(std::memory_order_relaxed),
                    lost_bytes_.load(std::memory_order_relaxed),
                    {}};
  if (has_error_) {
    const std::scoped_lock lock(mutex_);
    now.error = error_.empty() ? rotation_error_ : error_;
  }
  return now;
}

}  // namespace lineshaft::output
