#include "control/role.hpp"

#include <algorithm>
#include <array>

namespace lineshaft::control {
namespace {

constexpr std::array roles = {role::nobody, role::metrics, role::read, role::operate, role::admin};

}  // namespace

std::string_view to_string(role which) {
  switch (which) {
    case role::nobody: return "nobody";
    case role::metrics: return "metrics";
    case role::read: return "read";
    case role::operate: return "operator";
    case role::admin: return "admin";
  }
  return "unknown";
}

std::optional<role> parse_role(std::string_view text) {
  const auto* found = std::ranges::find_if(roles, [&](role one) { return to_string(one) == text; });
  return found == roles.end() ? std::nullopt : std::optional(*found);
}

}  // namespace lineshaft::control
