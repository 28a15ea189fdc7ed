#pragma once
// The types of the values of OTEL_* variables, as the specification defines them (configuration/common.md).
#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "telemetry/settings.hpp"

namespace lineshaft::telemetry {

/// Of two texts of ASCII letters, in any case.
bool same_word(std::string_view a, std::string_view b);

/// Only "true" is true; anything else but "false" is nothing, and counts as false.
std::optional<bool> parse_boolean(std::string_view text);
/// Not negative, and no more than an int holds.
std::optional<std::size_t> parse_count(std::string_view text);
std::optional<std::chrono::milliseconds> parse_milliseconds(std::string_view text);
/// 0 to 1.
std::optional<double> parse_ratio(std::string_view text);
/// What stands between commas, without blanks; empty items are left out.
std::vector<std::string_view> parse_list(std::string_view text);
/// "k=v,k=v", values percent-decoded. Nothing at all if any of it is malformed.
std::optional<text_pairs> parse_pairs(std::string_view text);
/// The same with values as they are, for headers: their sender decodes them. Nothing where a name or a decoded value
/// holds what may not be sent: gRPC ends the process for it.
std::optional<text_pairs> parse_headers(std::string_view text);

/// "http://host:port/path", without a scheme as well: what the SDK can take apart. It prints any other at each export,
/// with the password that is in it.
bool is_endpoint(std::string_view text);

}  // namespace lineshaft::telemetry
