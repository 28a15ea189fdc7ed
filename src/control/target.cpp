#include "control/target.hpp"

#include <algorithm>
#include <cctype>
#include <format>
#include <ranges>

#include "telemetry/percent.hpp"

namespace lineshaft::control {
namespace {

enum class plus : std::uint8_t { itself, a_space };

result<std::string> decoded(std::string_view text, plus meaning) {
  std::string unescaped(text);
  if (meaning == plus::a_space) std::ranges::replace(unescaped, '+', ' ');
  auto out = telemetry::percent_decode_any(unescaped);
  if (!out) return fail("'%' is not followed by two hexadecimal digits");
  if (out->contains('\0')) return fail("a name holds a NUL byte");
  return *std::move(out);
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
