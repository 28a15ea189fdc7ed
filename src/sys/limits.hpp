#pragma once
// The limits of setrlimit(2), by name and number.
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "lineshaft/resource_limits.hpp"

namespace lineshaft::sys {

struct limit {
  int resource = 0;  ///< RLIMIT_NOFILE
  resource_limit value;
};

/// Those that are wanted, one each.
std::vector<limit> wanted_limits(const resource_limits& wanted);
/// "RLIMIT_NOFILE"
std::string_view limit_name(int resource);
/// The soft limit of descriptors becomes the hard one.
void raise_descriptor_limit() noexcept;
/// This process's own.
resource_limit own_limit(int resource);

}  // namespace lineshaft::sys
