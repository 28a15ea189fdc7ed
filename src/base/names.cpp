#include "base/names.hpp"

#include <algorithm>

namespace lineshaft {
namespace {

constexpr std::size_t longest = 64;

// Not isalnum(3): what is a letter must not depend on the locale.
bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

bool may_stand_in_name(char c) { return is_letter_or_digit(c) || c == '.' || c == '_' || c == '-'; }

bool is_control(char c) { return (c >= 0 && c < ' ') || c == 0x7f; }

}  // namespace

result<> check_name(std::string_view name) {
  const bool fits = !name.empty() && name.size() <= longest && is_letter_or_digit(name.front()) &&
                    std::ranges::all_of(name, may_stand_in_name);
  if (fits) return {};
  std::string shown(name.substr(0, longest));
  std::ranges::replace_if(shown, is_control, '?');  // it may come to a terminal
  return fail(std::errc::invalid_argument, "cannot use '" + shown +
                                               "' as a name: 1 to 64 of letters, digits, '.', '_' and '-' are "
                                               "needed, beginning with a letter or a digit");
}

std::string replica_name(std::string_view family, std::uint32_t number) {
  return std::string(family) + "-" + std::to_string(number);
}

}  // namespace lineshaft
