#pragma once
// How deep a TOML document is, before anybody builds it.
#include <optional>
#include <string_view>

namespace lineshaft::config {

/// More than any pipeline has. A document becomes a tree, and whoever walks or frees a tree goes down on the stack: a
/// wrong file, read again by a running manager, must not be its end.
inline constexpr std::size_t deepest_nesting = 100;

struct text_position {
  unsigned line = 1, column = 1;
};
/// Where the parts of a key, and what it is inside of, are more than that. TOML bounds neither, and toml++ only the
/// latter. What is no TOML may be anything.
std::optional<text_position> too_deep(std::string_view document);

}  // namespace lineshaft::config
