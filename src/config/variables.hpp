#pragma once
// ${VAR} and ${VAR:-default} in the strings of a pipeline file; $${ is a plain ${.
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/fault.hpp"
#include "config/value.hpp"

namespace lineshaft::config {

/// The value of an environment variable, if there is one.
using variable_lookup = std::function<std::optional<std::string>(std::string_view name)>;

/// Expands every string of the tree. What cannot be expanded stays, and is a fault.
void expand_variables(value& tree, const variable_lookup& lookup, std::vector<fault>& faults);

}  // namespace lineshaft::config
