#pragma once
// For this library's own bugs: always on, also in release builds.
#include <source_location>

namespace lineshaft {

/// Aborts with the place and the sentence if `holds` is false. Never for anything that input,
/// the kernel or a user's mistake can bring about: those are errors, and values.
void expects(bool holds, const char* sentence, std::source_location where = std::source_location::current()) noexcept;

}  // namespace lineshaft
