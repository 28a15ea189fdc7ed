#pragma once
// UTF-8 that anyone may be given, as a C string too.
#include <string>
#include <string_view>

namespace lineshaft::telemetry {

/// The text with U+FFFD for each ill-formed sequence: for its longest start that could have become a
/// character, or a single byte (Unicode 16, 3.9, "maximal subparts"). NUL, which would end a C string, is replaced as
/// well.
std::string well_formed_utf8(std::string_view bytes);

}  // namespace lineshaft::telemetry
