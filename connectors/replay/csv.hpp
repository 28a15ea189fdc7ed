#pragma once
// One line of comma-separated values, RFC 4180.
#include <string>
#include <string_view>
#include <vector>

namespace lineshaft::replay {

/// Splits a line. Quotes are taken off, and blanks around a field that has none. False if a quote is not closed
/// or something follows a closed one. `into` keeps its memory from line to line.
bool split_csv(std::string_view line, std::vector<std::string>& into);

}  // namespace lineshaft::replay
