#include "output/line_ring.hpp"

namespace lineshaft::output {

void line_ring::add(std::string_view text) {
  const auto kept = text.substr(0, kept_of_a_line);
  if (lines_.size() < kept_lines) {
    lines_.emplace_back(kept);
    return;
  }
  lines_[oldest_] = kept;
  oldest_ = (oldest_ + 1) % kept_lines;
}

std::vector<std::string> line_ring::lines() const {
  std::vector<std::string> all(lines_.begin() + static_cast<std::ptrdiff_t>(oldest_), lines_.end());
  all.insert(all.end(), lines_.begin(), lines_.begin() + static_cast<std::ptrdiff_t>(oldest_));
  return all;
}

std::vector<std::string_view> batch_tail::lines() const {
  std::vector<std::string_view> all;
  const auto first = count_ > kept_lines ? count_ - kept_lines : 0;
  for (auto index = first; index < count_; ++index) all.push_back(lines_[index % kept_lines]);
  return all;
}

void batch_tail::move_to(line_ring& ring) {
  const auto first = count_ > kept_lines ? count_ - kept_lines : 0;
  for (auto index = first; index < count_; ++index) ring.add(lines_[index % kept_lines]);
  count_ = 0;
}

}  // namespace lineshaft::output
