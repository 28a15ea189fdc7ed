#include "telemetry/utf8.hpp"

#include <cstdint>

namespace lineshaft::telemetry {

namespace {

// What may follow one lead byte, of which 0x00 is none here: how many bytes, and the range of the first of them
// (Unicode 16, table 3-7).
struct lead {
  std::uint8_t first, last;
  int followers;
  std::uint8_t low, high;
};
constexpr lead leads[] = {
    {0x01, 0x7f, 0, 0, 0},       {0xc2, 0xdf, 1, 0x80, 0xbf}, {0xe0, 0xe0, 2, 0xa0, 0xbf},
    {0xe1, 0xec, 2, 0x80, 0xbf}, {0xed, 0xed, 2, 0x80, 0x9f}, {0xee, 0xef, 2, 0x80, 0xbf},
    {0xf0, 0xf0, 3, 0x90, 0xbf}, {0xf1, 0xf3, 3, 0x80, 0xbf}, {0xf4, 0xf4, 3, 0x80, 0x8f},
};

struct sequence {
  std::size_t length;
  bool well_formed;
};

std::uint8_t byte_at(std::string_view bytes, std::size_t i) { return static_cast<std::uint8_t>(bytes[i]); }

sequence first_sequence(std::string_view bytes) {
  for (const auto& row : leads) {
    if (byte_at(bytes, 0) < row.first || byte_at(bytes, 0) > row.last) continue;
    std::size_t length = 1;
    for (int i = 0; i < row.followers; ++i, ++length) {
      if (length == bytes.size()) return {length, false};
      const auto low = i == 0 ? row.low : 0x80, high = i == 0 ? row.high : 0xbf;
      if (byte_at(bytes, length) < low || byte_at(bytes, length) > high) return {length, false};
    }
    return {length, true};
  }
  return {1, false};
}

}  // namespace

std::string well_formed_utf8(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size());
  while (!bytes.empty()) {
    const auto [length, well_formed] = first_sequence(bytes);
    if (well_formed)
      text += bytes.substr(0, length);
    else
      text += "\xef\xbf\xbd";
    bytes.remove_prefix(length);
  }
  return text;
}

}  // namespace lineshaft::telemetry
