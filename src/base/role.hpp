#pragma once
// What somebody who asks a manager may do. Each role may do what those before it may.
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

namespace lineshaft {

enum class role {
  nobody,   ///< nothing
  metrics,  ///< /metrics and what tells of health
  read,     ///< everything that changes nothing
  operate,  ///< starts, stops, restarts, signals and scales workers
  admin,    ///< changes the pipeline, and stops it
};

/// Those that can be given, by the words for them.
inline constexpr std::array<std::pair<std::string_view, role>, 4> role_words{
    {{"metrics", role::metrics}, {"read", role::read}, {"operator", role::operate}, {"admin", role::admin}}};

/// What gives a role over the network has as many characters or more.
inline constexpr std::size_t shortest_token = 20;

std::string_view to_string(role);
std::optional<role> parse_role(std::string_view text);

}  // namespace lineshaft
