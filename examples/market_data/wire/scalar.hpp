#pragma once
// JSON's scalars as text.
#include <string_view>

namespace market_data {

/// Without the white space at its end.
std::string_view trimmed(std::string_view text);
/// Whether this is one whole string, number, true, false or null, by JSON's grammar.
bool is_scalar(std::string_view text);
/// The inside of a string's text, escapes as they are; empty if it is no string.
std::string_view unquoted(std::string_view text);

}  // namespace market_data
