#pragma once
// The version of this library, from the project's CMake file.
#include <string_view>

namespace lineshaft::control {

inline constexpr std::string_view version = LINESHAFT_VERSION;

}  // namespace lineshaft::control
