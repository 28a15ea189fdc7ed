#include "telemetry/percent.hpp"

namespace lineshaft::telemetry {

namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

bool is_baggage_octet(char c) { return c > ' ' && c <= '~' && c != '"' && c != ',' && c != ';' && c != '\\'; }

std::string percent_encode(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string text;
  text.reserve(bytes.size());
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_baggage_octet(c) && c != '%')
      text += c;
    else
      text.append({'%', digits[byte >> 4], digits[byte & 0x0f]});
  }
  return text;
}

namespace {

template <class Allowed>
std::optional<std::string> decode(std::string_view text, Allowed allowed) {
  std::string bytes;
  bytes.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!allowed(text[i])) return {};
    if (text[i] != '%') {
      bytes += text[i];
      continue;
    }
    if (text.size() - i < 3) return {};
    const int high = hex_digit(text[i + 1]), low = hex_digit(text[i + 2]);
    if (high < 0 || low < 0) return {};
    bytes += static_cast<char>(high << 4 | low);
    i += 2;
  }
  return bytes;
}

}  // namespace

std::optional<std::string> percent_decode(std::string_view text) { return decode(text, is_baggage_octet); }

std::optional<std::string> percent_decode_any(std::string_view text) {
  return decode(text, [](char) { return true; });
}

}  // namespace lineshaft::telemetry
