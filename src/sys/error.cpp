#include "sys/error.hpp"

#include <cerrno>

namespace lineshaft::sys {

std::error_code last_error() noexcept { return {errno, std::system_category()}; }

}  // namespace lineshaft::sys
