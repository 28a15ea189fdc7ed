#pragma once
// The target of a request, taken apart: "/v1/workers/a%20b?within=8s".
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lineshaft/error.hpp"

namespace lineshaft::control {

struct target {
  std::vector<std::string> path;             ///< decoded, without empty ones at the end
  std::map<std::string, std::string> query;  ///< decoded; a name without "=" has an empty value
};

/// Origin form alone (RFC 9112, 3.2.1). What is decoded may hold any byte but NUL and a slash.
result<target> parse_target(std::string_view text);

/// For a path or a query: everything but letters, digits and "-._~" as %XX.
std::string percent_encoded(std::string_view text);

}  // namespace lineshaft::control
