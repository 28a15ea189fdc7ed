#pragma once
// TOML text into values that know their places. The only part that sees toml++.
#include <expected>
#include <string>
#include <string_view>

#include "config/fault.hpp"
#include "config/value.hpp"

namespace lineshaft::config {

/// The table of the whole file, its members in the order in which they stand; or where it is no TOML.
std::expected<value, fault> parse_document(const std::string& file, std::string_view text);

/// What a later file says wins; tables are merged member by member, everything else is replaced.
void merge(value& into, value later);

}  // namespace lineshaft::config
