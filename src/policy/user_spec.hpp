#pragma once
// Who a worker is to be, as it is written: "redis", "redis:redis", "1000:1000".
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "lineshaft/error.hpp"

namespace lineshaft::policy {

/// Digits alone are a number, whatever names there are.
using name_or_number = std::variant<std::string, std::uint32_t>;

struct user_spec {
  name_or_number user;
  std::optional<name_or_number> group;  ///< none: the user's own
  friend bool operator==(const user_spec&, const user_spec&) = default;
};

result<user_spec> parse_user_spec(std::string_view text);

}  // namespace lineshaft::policy
