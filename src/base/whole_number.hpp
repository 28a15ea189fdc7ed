#pragma once
// A number that is the whole of a text: no blanks, no plus, nothing behind it.
#include <charconv>
#include <concepts>
#include <optional>
#include <string_view>

namespace lineshaft {

template <std::integral Number>
std::optional<Number> whole_number(std::string_view text, int base = 10) {
  Number number{};
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (ec != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace lineshaft
