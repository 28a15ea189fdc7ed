#pragma once
// The table of the variables that configure telemetry: it is what reads them, and what docs/reference/telemetry.md is
// made from.
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "telemetry/settings.hpp"

namespace lineshaft::telemetry {

/// Whether the packaged SDK can do what the variable asks for.
enum class support : std::uint8_t { full, part, none };

struct variable {
  std::string_view name, type, fallback, meaning;
  support supported = support::full;
  std::string_view lacks;  ///< what is not supported
  /// Takes the value into the settings. False: it cannot be read, and they are unchanged; or part of a list cannot.
  bool (*read)(std::string_view value, settings& into) = nullptr;
  /// Whether what the value asks for cannot be had; nothing if only being set matters.
  bool (*asks_too_much)(const settings& read) = nullptr;
};

/// In the order in which they are read: what is more special comes later and wins.
std::span<const variable> variables();

}  // namespace lineshaft::telemetry
