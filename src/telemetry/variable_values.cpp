#include "telemetry/variable_values.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

#include "telemetry/percent.hpp"
#include "telemetry/text.hpp"

namespace lineshaft::telemetry {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number number{};
  const auto end = text.data() + text.size();
  const auto [stopped, problem] = std::from_chars(text.data(), end, number);
  if (problem != std::errc() || stopped != end) return {};
  return number;
}

std::optional<text_pairs> split_pairs(std::string_view text) {
  text_pairs pairs;
  while (!text.empty()) {
    auto value = cut(text, ',');
    if (trim_blanks(value).empty()) continue;  // "a=b," is in use
    if (!value.contains('=')) return {};
    const auto key = trim_blanks(cut(value, '='));
    if (key.empty()) return {};
    pairs.emplace_back(key, trim_blanks(value));
  }
  return pairs;
}

bool is_printable(char c) { return c >= ' ' && c <= '~'; }

// Of gRPC's metadata, in either case; HTTP would take some signs more.
bool is_header_name(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
  });
}

bool is_header_value(std::string_view text) {
  const auto decoded = percent_decode_any(text);
  return std::ranges::all_of(text, is_printable) && (!decoded || std::ranges::all_of(*decoded, is_printable));
}

// Of the host, behind a user and a password if there are any; IPv6 has colons of its own, in brackets.
bool is_authority(std::string_view text) {
  const auto host_ends = text.starts_with('[') ? text.find(']') : 0;
  if (host_ends == text.npos) return false;
  const auto colon = text.find(':', host_ends);
  if (colon == 0 || text.empty()) return false;
  if (colon == text.npos) return true;
  const auto port = parse_count(text.substr(colon + 1));
  return port && *port > 0 && *port <= 65535;
}

}  // namespace

bool same_word(std::string_view a, std::string_view b) { return std::ranges::equal(a, b, {}, lower, lower); }

std::optional<bool> parse_boolean(std::string_view text) {
  if (same_word(text, "true")) return true;
  if (same_word(text, "false")) return false;
  return {};
}

std::optional<std::size_t> parse_count(std::string_view text) {
  const auto number = parse_number<std::int64_t>(text);
  if (!number || *number < 0 || *number > std::numeric_limits<int>::max()) return {};
  return static_cast<std::size_t>(*number);
}

std::optional<std::chrono::milliseconds> parse_milliseconds(std::string_view text) {
  const auto number = parse_count(text);
  if (!number) return {};
  return std::chrono::milliseconds(*number);
}

std::optional<double> parse_ratio(std::string_view text) {
  const auto number = parse_number<double>(text);
  if (!number || !(*number >= 0 && *number <= 1)) return {};
  return number;
}

std::vector<std::string_view> parse_list(std::string_view text) {
  std::vector<std::string_view> items;
  while (!text.empty()) {
    const auto item = trim_blanks(cut(text, ','));
    if (!item.empty()) items.push_back(item);
  }
  return items;
}

std::optional<text_pairs> parse_headers(std::string_view text) {
  auto pairs = split_pairs(text);
  const auto can_be_sent = [](const auto& pair) { return is_header_name(pair.first) && is_header_value(pair.second); };
  if (!pairs || !std::ranges::all_of(*pairs, can_be_sent)) return {};
  return pairs;
}

bool is_endpoint(std::string_view text) {
  if (!std::ranges::all_of(text, [](char c) { return is_printable(c) && c != ' '; })) return false;
  if (const auto scheme = text.find("://"); scheme != text.npos) {
    if (text.substr(0, scheme) != "http" && text.substr(0, scheme) != "https") return false;
    text.remove_prefix(scheme + 3);
  }
  auto authority = text.substr(0, text.find_first_of("/?"));
  const auto path = text.substr(authority.size());
  if (const auto user = authority.find('@'); user != authority.npos) authority.remove_prefix(user + 1);
  // The SDK takes the first colon that it finds for that of the port.
  const bool has_port = authority.substr(authority.find(']') + 1).contains(':');
  return is_authority(authority) && (has_port || !path.contains(':'));
}

std::optional<text_pairs> parse_pairs(std::string_view text) {
  auto pairs = split_pairs(text);
  if (!pairs) return {};
  for (auto& [key, value] : *pairs) {
    const auto plain_key = percent_decode_any(key), plain = percent_decode_any(value);
    if (!plain_key || !plain) return {};
    key = *plain_key;
    value = *plain;
  }
  return pairs;
}

}  // namespace lineshaft::telemetry
