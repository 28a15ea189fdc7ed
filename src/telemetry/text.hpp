#pragma once
// Cutting header text, as the W3C grammars have it: blanks are space and tab, nothing else.
#include <string_view>

namespace lineshaft::telemetry {

std::string_view trim_blanks(std::string_view text);

/// Cuts what stands before `separator` off the front of `rest`, which loses both; all of it where there is none.
std::string_view cut(std::string_view& rest, char separator);

}  // namespace lineshaft::telemetry
