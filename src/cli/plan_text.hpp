#pragma once
// A plan of a reload, for people.
#include <string>

#include "lineshaft/reload.hpp"

namespace lineshaft::cli {

/// "nothing has changed", or a line for each change: "replace processor-0, processor-1 (options)".
std::string plan_text(const reload_plan& plan);

}  // namespace lineshaft::cli
