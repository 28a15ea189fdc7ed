#pragma once
// The W3C `baggage`: what a program wants known by everything that works for it. Text and back, nothing else.
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lineshaft::telemetry {

struct baggage_member {
  std::string key;         ///< a token, never encoded
  std::string value;       ///< decoded: any bytes, as a rule UTF-8
  std::string properties;  ///< as on the wire, without blanks: "p=v;q"

  friend bool operator==(const baggage_member&, const baggage_member&) = default;
};

bool is_baggage_key(std::string_view text);

/// "p = v ;; q" as "p=v;q". Whether it is well-formed; `properties` is unchanged if not.
bool parse_baggage_properties(std::string_view text, std::string& properties);

/// The well-formed members in their order, at most 64. A malformed one is left out whole. Of two with one
/// key the last one's value counts.
std::vector<baggage_member> parse_baggage(std::string_view header);

/// At most 64 members and 8192 bytes; a member that does not fit, or whose key is no token, is left out whole.
std::string format_baggage(std::span<const baggage_member> members);

}  // namespace lineshaft::telemetry
