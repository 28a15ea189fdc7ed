#pragma once
// Where characters of UTF-8 begin.
#include <cstddef>
#include <string_view>

namespace lineshaft {

/// A byte that is not the first one of its character.
constexpr bool continues_a_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

/// As many bytes of it as `most`, or less, so that no character is cut.
constexpr std::string_view whole_characters(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && continues_a_character(text[most])) --most;
  return text.substr(0, most);
}

}  // namespace lineshaft
