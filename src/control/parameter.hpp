#pragma once
// What a route takes beside its path.
#include <string_view>

namespace lineshaft::control {

/// In the query, or a member of the JSON object in the body.
struct parameter {
  std::string_view name;
  std::string_view schema;  ///< JSON Schema
  std::string_view doc;
};

}  // namespace lineshaft::control
