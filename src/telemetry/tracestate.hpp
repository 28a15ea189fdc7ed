#pragma once
// The W3C `tracestate`: what vendors want carried along with a traceparent. Text and back, nothing else.
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lineshaft::telemetry {

struct tracestate_member {
  std::string key, value;

  friend bool operator==(const tracestate_member&, const tracestate_member&) = default;
};

/// The well-formed members in their order, at most the 32 left-most. A malformed one is left out whole; of
/// two with one key the left one counts, being the younger.
std::vector<tracestate_member> parse_tracestate(std::string_view header);

/// At most 32 members and 512 bytes, no key twice. Where it is too long, members of more than 128 bytes go
/// first and then the right-most, as W3C Trace Context says ("tracestate Limits").
std::string format_tracestate(std::span<const tracestate_member> members);

}  // namespace lineshaft::telemetry
