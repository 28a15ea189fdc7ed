#pragma once
// What somebody may do. Each role may do what those before it may.
#include <optional>
#include <string_view>

namespace lineshaft::control {

enum class role {
  nobody,   ///< nothing
  metrics,  ///< /metrics and what tells of health
  read,     ///< everything that changes nothing
  operate,  ///< starts, stops, restarts, signals and scales workers
  admin,    ///< changes the pipeline, and stops it
};

std::string_view to_string(role);
std::optional<role> parse_role(std::string_view text);

}  // namespace lineshaft::control
