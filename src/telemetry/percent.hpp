#pragma once
// Percent-encoding as W3C Baggage wants it: of bytes, `%20` for a blank, and a plus is a plus.
#include <optional>
#include <string>
#include <string_view>

namespace lineshaft::telemetry {

/// Whether the character may stand in a baggage value as it is.
bool is_baggage_octet(char c);

/// Encodes what may not stand as it is, and the percent sign; so text never ends a value or a member.
std::string percent_encode(std::string_view bytes);

/// Nothing where a character may not stand there, or a percent sign has no two hex digits after it.
std::optional<std::string> percent_decode(std::string_view text);

/// The same where every character may stand: people write blanks and UTF-8 into resource attributes as they are.
std::optional<std::string> percent_decode_any(std::string_view text);

}  // namespace lineshaft::telemetry
