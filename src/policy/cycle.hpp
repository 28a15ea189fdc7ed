#pragma once
// Workers that wait for each other in a circle.
#include <string>
#include <vector>

#include "policy/dependencies.hpp"

namespace lineshaft::policy {

/// The first cycle, from one of its members to the same again; empty if there is none. Every name has to be known.
std::vector<std::string> find_cycle(const dependency_graph& graph);

}  // namespace lineshaft::policy
