#include "output/recent_lines.hpp"

#include <algorithm>

namespace lineshaft::output {

void recent_lines::add(const std::shared_ptr<const line_origin>& origin, stream from,
                       std::chrono::system_clock::time_point time, std::span<const std::string_view> last,
                       std::uint64_t count) {
  if (count == 0) return;
  const std::scoped_lock lock(mutex_);
  last_ += count - last.size();
  for (const auto text : last) {
    kept_.push_back({++last_, time, origin, from, std::string(text)});
    bytes_ += text.size() + sizeof(recent_line);
  }
  while (bytes_ > most_bytes) {
    bytes_ -= kept_.front().text.size() + sizeof(recent_line);
    kept_.pop_front();
  }
  if (more_) more_();
}

recent_lines::excerpt recent_lines::after(std::uint64_t id, std::size_t most) const {
  const std::scoped_lock lock(mutex_);
  if (id > last_) id = 0;
  excerpt found{.last = id, .items = {}};
  auto next = std::ranges::upper_bound(kept_, id, {}, &recent_line::id);
  for (; next != kept_.end() && found.items.size() < most; ++next) {
    found.missed += next->id - found.last - 1;
    found.last = next->id;
    found.items.push_back(*next);
  }
  if (next == kept_.end()) {
    found.missed += last_ - found.last;
    found.last = last_;
  }
  return found;
}

std::uint64_t recent_lines::last() const {
  const std::scoped_lock lock(mutex_);
  return last_;
}

void recent_lines::follow(std::function<void()> more) {
  const std::scoped_lock lock(mutex_);
  more_ = std::move(more);
  followed_ = true;
}

void recent_lines::unfollow() {
  const std::scoped_lock lock(mutex_);
  more_ = nullptr;
  followed_ = false;
}

}  // namespace lineshaft::output
