#include "telemetry/baggage.hpp"

#include <algorithm>

#include "telemetry/percent.hpp"
#include "telemetry/text.hpp"

namespace lineshaft::telemetry {

namespace {

constexpr std::size_t most_members = 64;
constexpr std::size_t longest_header = 8192;

// RFC 7230: tchar.
bool is_token_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("!#$%&'*+-.^_`|~").contains(c);
}

bool parse_property(std::string_view text, std::string& properties) {
  const bool has_value = text.contains('=');
  const auto key = trim_blanks(cut(text, '='));
  const auto value = trim_blanks(text);
  if (!is_baggage_key(key) || !percent_decode(value)) return false;
  properties.append(properties.empty() ? "" : ";").append(key);
  if (has_value) properties.append("=").append(value);
  return true;
}

bool parse_member(std::string_view text, baggage_member& member) {
  auto pair = cut(text, ';');
  if (!pair.contains('=')) return false;
  const auto key = trim_blanks(cut(pair, '='));
  auto value = percent_decode(trim_blanks(pair));
  if (!is_baggage_key(key) || !value || !parse_baggage_properties(text, member.properties)) return false;
  member.key = key;
  member.value = std::move(*value);
  return true;
}

}  // namespace

bool is_baggage_key(std::string_view text) { return !text.empty() && std::ranges::all_of(text, is_token_character); }

bool parse_baggage_properties(std::string_view text, std::string& properties) {
  std::string parsed;
  while (!text.empty()) {
    const auto property = trim_blanks(cut(text, ';'));
    if (!property.empty() && !parse_property(property, parsed)) return false;
  }
  properties = std::move(parsed);
  return true;
}

std::vector<baggage_member> parse_baggage(std::string_view header) {
  std::vector<baggage_member> members;
  while (!header.empty() && members.size() < most_members) {
    baggage_member member;
    if (!parse_member(cut(header, ','), member)) continue;
    const auto same = std::ranges::find(members, member.key, &baggage_member::key);
    if (same == members.end())
      members.push_back(std::move(member));
    else
      *same = std::move(member);
  }
  return members;
}

std::string format_baggage(std::span<const baggage_member> members) {
  std::string header;
  std::size_t count = 0;
  for (const auto& member : members) {
    if (count == most_members) break;
    if (!is_baggage_key(member.key)) continue;
    auto text = (count == 0 ? "" : ",") + member.key + '=' + percent_encode(member.value);
    if (!member.properties.empty()) text += ';' + member.properties;
    if (header.size() + text.size() > longest_header) continue;
    header += text;
    ++count;
  }
  return header;
}

}  // namespace lineshaft::telemetry
