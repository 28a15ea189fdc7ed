#pragma once
// The members of a JSON object as text. A feed gives valid JSON, so that a value can be passed on as it stands, and
// no number changes its digits.
#include <string_view>
#include <vector>

namespace market_data {

struct member {
  std::string_view key;    ///< without its quotes, escapes as they are
  std::string_view value;  ///< as it stands
  friend bool operator==(const member&, const member&) = default;
};

/// Replaces what is in `into` by the members of `object`: views into it. False if it is no object from its first byte
/// to its last. What is no JSON inside a value is not found out.
bool split_members(std::string_view object, std::vector<member>& into);

/// The inside of a string's text, escapes as they are; empty if it is no string.
std::string_view unquoted(std::string_view text);

}  // namespace market_data
