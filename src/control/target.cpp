#include "control/target.hpp"

#include <cctype>
#include <format>
#include <ranges>

namespace lineshaft::control {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

enum class plus : std::uint8_t { itself, a_space };

result<std::string> decoded(std::string_view text, plus meaning) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    char c = text[at];
    if (c == '%') {
      const int high = at + 2 < text.size() ? hex_digit(text[at + 1]) : -1;
      const int low = at + 2 < text.size() ? hex_digit(text[at + 2]) : -1;
      if (high < 0 || low < 0) return fail("'%' is not followed by two hexadecimal digits");
      c = static_cast<char>(high * 16 + low);
      at += 2;
      if (c == '\0') return fail("a name holds a NUL byte");
    } else if (c == '+' && meaning == plus::a_space) {
      c = ' ';
    }
    out += c;
  }
  return out;
}

result<std::vector<std::string>> parse_path(std::string_view text) {
  std::vector<std::string> path;
  for (const auto part : std::views::split(text, '/')) {
    auto segment = decoded(std::string_view(part), plus::itself);
    if (!segment) return std::unexpected(segment.error());
    if (segment->contains('/')) return fail("a name holds a slash");
    path.push_back(std::move(*segment));
  }
  while (!path.empty() && path.back().empty()) path.pop_back();
  return path;
}

result<std::map<std::string, std::string>> parse_query(std::string_view text) {
  std::map<std::string, std::string> query;
  for (const auto part : std::views::split(text, '&')) {
    const std::string_view pair(part);
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    auto name = decoded(pair.substr(0, equals), plus::a_space);
    if (!name) return std::unexpected(name.error());
    auto value =
        decoded(equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1), plus::a_space);
    if (!value) return std::unexpected(value.error());
    if (!query.emplace(*name, std::move(*value)).second) return fail("'" + *name + "' is given twice");
  }
  return query;
}

}  // namespace

result<target> parse_target(std::string_view text) {
  if (!text.starts_with('/')) return fail("the target of the request does not begin with '/'");
  const auto mark = text.find('?');
  auto path = parse_path(text.substr(1, mark == std::string_view::npos ? mark : mark - 1));
  if (!path) return std::unexpected(path.error());
  auto query = parse_query(mark == std::string_view::npos ? std::string_view() : text.substr(mark + 1));
  if (!query) return std::unexpected(query.error());
  return target{std::move(*path), std::move(*query)};
}

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || std::string_view("-._~").contains(c)) {
      out += c;
    } else {
      out += std::format("%{:02X}", byte);
    }
  }
  return out;
}

}  // namespace lineshaft::control
