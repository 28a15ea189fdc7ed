#include "policy/group.hpp"

#include <algorithm>

namespace lineshaft::policy {

std::vector<std::string> restarted_along(group_strategy strategy, std::span<const std::string> members,
                                         const std::string& died) {
  std::vector<std::string> along;
  if (strategy == group_strategy::one_for_one) return along;
  const auto rest = std::ranges::find(members, died);
  const auto first = strategy == group_strategy::one_for_all ? members.begin() : rest;
  std::copy_if(first, members.end(), std::back_inserter(along), [&](const auto& name) { return name != died; });
  return along;
}

bool may_launch(group_strategy strategy, std::span<const member_standing> members, std::size_t which) {
  if (strategy == group_strategy::one_for_one) return true;
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (i == which) continue;
    if (members[i].leaving) return false;
    const bool waits_for_it = strategy == group_strategy::one_for_all || i < which;
    if (members[i].waiting && waits_for_it) return false;
  }
  return true;
}

std::optional<std::string> group_restarts::one_more(time_point now) {
  if (!limit_) return std::nullopt;
  if (limit_reached(*limit_, restarts_, now)) return to_text(*limit_);
  restarts_.push_back(now);
  return std::nullopt;
}

}  // namespace lineshaft::policy
