#include "control/filter.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <ranges>

namespace lineshaft::control {

worker_filter::worker_filter(std::string_view text) {
  for (const auto part : std::views::split(text, ',')) {
    if (!std::ranges::empty(part)) patterns_.emplace_back(std::string_view(part));
  }
}

bool worker_filter::lets_pass(const std::string& worker) const {
  return patterns_.empty() || std::ranges::any_of(patterns_, [&](const std::string& pattern) {
           return ::fnmatch(pattern.c_str(), worker.c_str(), 0) == 0;
         });
}

}  // namespace lineshaft::control
