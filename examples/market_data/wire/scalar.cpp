#include "market_data/wire/scalar.hpp"

#include <cstddef>

namespace market_data {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

std::string_view skip_digits(std::string_view text) {
  while (!text.empty() && is_digit(text.front())) text.remove_prefix(1);
  return text;
}

/// What is left after one or more digits; no value if there is none.
bool take_digits(std::string_view& text) {
  const auto rest = skip_digits(text);
  const bool some = rest.size() < text.size();
  text = rest;
  return some;
}

bool is_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  if (text.starts_with('0')) {
    text.remove_prefix(1);
  } else if (!take_digits(text)) {
    return false;
  }
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (!take_digits(text)) return false;
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    if (!take_digits(text)) return false;
  }
  return text.empty();
}

bool has_good_escapes(std::string_view inside) {
  for (auto at = inside.find('\\'); at != inside.npos; at = inside.find('\\', at)) {
    if (at + 1 == inside.size()) return false;
    const char kind = inside[at + 1];
    at += 2;
    if (kind != 'u') {
      if (std::string_view("\"\\/bfnrt").find(kind) == std::string_view::npos) return false;
      continue;
    }
    for (const auto end = at + 4; at < end; ++at) {
      if (at >= inside.size() || !is_hex(inside[at])) return false;
    }
  }
  return true;
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\n' || text.back() == '\r' || text.back() == '\t')) {
    text.remove_suffix(1);
  }
  return text;
}

bool is_scalar(std::string_view text) {
  if (text.empty()) return false;
  if (text.front() == '"') return text.size() >= 2 && text.back() == '"' && has_good_escapes(unquoted(text));
  return is_number(text) || text == "null" || text == "true" || text == "false";
}

std::string_view unquoted(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return {};
  return text.substr(1, text.size() - 2);
}

}  // namespace market_data
