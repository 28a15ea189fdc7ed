#pragma once
// The W3C `traceparent`: which span of which trace is the parent. Text and back, nothing else.
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lineshaft::telemetry {

struct traceparent {
  std::array<std::uint8_t, 16> trace_id{};
  std::array<std::uint8_t, 8> span_id{};
  std::uint8_t flags = 0;  ///< sampled 0x01, random 0x02; no other is known

  friend bool operator==(const traceparent&, const traceparent&) = default;
};

/// Strict: lower-case hex only, no zero ids, version 00 to the character. Of a later version the part that
/// is known is read. Unknown flags are cleared. Nothing where the header has to be ignored.
std::optional<traceparent> parse_traceparent(std::string_view header);

/// Version 00, 55 characters, unknown flags cleared.
std::string format_traceparent(const traceparent& parent);

}  // namespace lineshaft::telemetry
