#include "policy/user_spec.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

#include "base/settings_text.hpp"

namespace lineshaft::policy {
namespace {

// -1 means "no change" to every system call that takes one.
constexpr auto no_number = std::numeric_limits<std::uint32_t>::max();

std::optional<name_or_number> parse_one(std::string_view text) {
  if (text.empty() || text.contains(':') || text.contains('\0')) return std::nullopt;
  const auto is_digit = [](char character) { return character >= '0' && character <= '9'; };
  if (!std::ranges::all_of(text, is_digit)) return std::string(text);
  std::uint32_t number = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (ec != std::errc() || number == no_number) return std::nullopt;
  return number;
}

}  // namespace

result<user_spec> parse_user_spec(std::string_view text) {
  const auto colon = text.find(':');
  auto user = parse_one(text.substr(0, colon));
  const auto refused = [&] {
    return fail(std::errc::invalid_argument, user_text(text) + ": expected USER or USER:GROUP, by name or number");
  };
  if (!user) return refused();
  user_spec spec{std::move(*user), std::nullopt};
  if (colon == std::string_view::npos) return spec;
  spec.group = parse_one(text.substr(colon + 1));
  if (!spec.group) return refused();
  return spec;
}

}  // namespace lineshaft::policy
