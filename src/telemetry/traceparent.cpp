#include "telemetry/traceparent.hpp"

#include <algorithm>
#include <span>

#include "telemetry/text.hpp"

namespace lineshaft::telemetry {

namespace {

constexpr std::size_t length_of_version_00 = 55;
constexpr std::uint8_t known_flags = 0x03;
constexpr std::uint8_t version_written = 0x00, forbidden_version = 0xff;

int lower_hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

// Reads exactly as many digits as the bytes need.
bool read_hex(std::string_view digits, std::span<std::uint8_t> bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const int high = lower_hex_digit(digits[2 * i]), low = lower_hex_digit(digits[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  return true;
}

// Gives the place behind what it wrote.
char* write_hex(char* place, std::span<const std::uint8_t> bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  for (const auto byte : bytes) {
    *place++ = digits[byte >> 4];
    *place++ = digits[byte & 0x0f];
  }
  return place;
}

bool all_zero(std::span<const std::uint8_t> bytes) {
  return std::ranges::all_of(bytes, [](std::uint8_t byte) { return byte == 0; });
}

// A later version may be longer, but what it adds must be set apart by a dash.
bool length_fits(std::string_view header, std::uint8_t version) {
  if (header.size() == length_of_version_00) return true;
  return version != 0 && header[length_of_version_00] == '-';
}

}  // namespace

std::optional<traceparent> parse_traceparent(std::string_view header) {
  header = trim_blanks(header);
  if (header.size() < length_of_version_00) return {};
  if (header[2] != '-' || header[35] != '-' || header[52] != '-') return {};
  traceparent parent;
  std::uint8_t version = 0;
  if (!read_hex(header, {&version, 1}) || version == forbidden_version || !length_fits(header, version)) return {};
  if (!read_hex(header.substr(3), parent.trace_id) || all_zero(parent.trace_id)) return {};
  if (!read_hex(header.substr(36), parent.span_id) || all_zero(parent.span_id)) return {};
  if (!read_hex(header.substr(53), {&parent.flags, 1})) return {};
  parent.flags &= known_flags;
  return parent;
}

std::string format_traceparent(const traceparent& parent) {
  std::string text(length_of_version_00, '-');
  const auto flags = static_cast<std::uint8_t>(parent.flags & known_flags);
  auto* place = write_hex(text.data(), {&version_written, 1});
  place = write_hex(place + 1, parent.trace_id);
  place = write_hex(place + 1, parent.span_id);
  write_hex(place + 1, {&flags, 1});
  return text;
}

}  // namespace lineshaft::telemetry
