#include "telemetry/tracestate.hpp"

#include <algorithm>

#include "telemetry/text.hpp"

namespace lineshaft::telemetry {

namespace {

constexpr std::size_t most_members = 32;
constexpr std::size_t longest_header = 512;
constexpr std::size_t long_member = 128;
constexpr std::size_t longest_key = 256, longest_tenant = 241, longest_system = 14, longest_value = 256;

bool is_key_start(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool is_key_part(std::string_view text, std::size_t longest) {
  if (text.empty() || text.size() > longest || !is_key_start(text[0])) return false;
  return std::ranges::all_of(text,
                             [](char c) { return is_key_start(c) || c == '_' || c == '-' || c == '*' || c == '/'; });
}

// Either simple or `tenant@system`: the grammar of level 1, with keys that start with a digit from level 2.
// OpenTelemetry's TraceState can carry no other.
bool is_key(std::string_view text) {
  const auto at = text.find('@');
  if (at == text.npos) return is_key_part(text, longest_key);
  return is_key_part(text.substr(0, at), longest_tenant) && is_key_part(text.substr(at + 1), longest_system);
}

bool is_value(std::string_view text) {
  if (text.empty() || text.size() > longest_value || text.back() == ' ') return false;
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~' && c != ',' && c != '='; });
}

bool has_key(std::span<const tracestate_member> members, std::string_view key) {
  return std::ranges::contains(members, key, &tracestate_member::key);
}

std::size_t length_of(const tracestate_member& member) { return member.key.size() + 1 + member.value.size(); }

std::size_t length_of(std::span<const tracestate_member* const> members) {
  std::size_t length = members.empty() ? 0 : members.size() - 1;
  for (const auto* member : members) length += length_of(*member);
  return length;
}

void shorten(std::vector<const tracestate_member*>& members) {
  if (members.size() > most_members) members.resize(most_members);
  while (length_of(members) > longest_header) {
    const auto too_long =
        std::ranges::find_last_if(members, [](auto* member) { return length_of(*member) > long_member; });
    members.erase(too_long.empty() ? members.end() - 1 : too_long.begin());
  }
}

}  // namespace

std::vector<tracestate_member> parse_tracestate(std::string_view header) {
  std::vector<tracestate_member> members;
  while (!header.empty() && members.size() < most_members) {
    auto value = trim_blanks(cut(header, ','));
    const auto key = cut(value, '=');
    if (is_key(key) && is_value(value) && !has_key(members, key))
      members.emplace_back(std::string(key), std::string(value));
  }
  return members;
}

std::string format_tracestate(std::span<const tracestate_member> members) {
  std::vector<const tracestate_member*> kept;
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (!has_key(members.first(i), members[i].key)) kept.push_back(&members[i]);
  }
  shorten(kept);
  std::string header;
  for (const auto* member : kept) header += (header.empty() ? "" : ",") + member->key + '=' + member->value;
  return header;
}

}  // namespace lineshaft::telemetry
