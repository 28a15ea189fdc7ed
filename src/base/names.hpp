#pragma once
// What a worker may be called: its name becomes part of file names, environment variables, labels and URLs.
#include <cstdint>
#include <string>
#include <string_view>

#include "lineshaft/error.hpp"

namespace lineshaft {

/// 1 to 64 of letters, digits, '.', '_' and '-', the first a letter or a digit.
result<> check_name(std::string_view name);

/// "processor-1"
std::string replica_name(std::string_view family, std::uint32_t number);

}  // namespace lineshaft
