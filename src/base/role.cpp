#include "base/role.hpp"

#include <algorithm>

namespace lineshaft {
namespace {

constexpr std::string_view nobody = "nobody";

}  // namespace

std::string_view to_string(role which) {
  const auto* found = std::ranges::find(role_words, which, &std::pair<std::string_view, role>::second);
  return found == role_words.end() ? nobody : found->first;
}

std::optional<role> parse_role(std::string_view text) {
  if (text == nobody) return role::nobody;
  const auto* found = std::ranges::find(role_words, text, &std::pair<std::string_view, role>::first);
  return found == role_words.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace lineshaft
