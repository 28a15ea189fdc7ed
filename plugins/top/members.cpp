#include "top/members.hpp"

namespace lineshaft::top {

std::string text(const boost::json::object& from, std::string_view name) {
  const auto* found = from.if_contains(name);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

std::optional<std::int64_t> number(const boost::json::object& from, std::string_view name) {
  const auto* found = from.if_contains(name);
  return found != nullptr && found->is_number() ? std::optional(found->to_number<std::int64_t>()) : std::nullopt;
}

}  // namespace lineshaft::top
