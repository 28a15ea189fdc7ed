#pragma once
// Which workers wait for which: whether that can work at all, whether one may start now, and in what order
// all of them stop. Pure.
#include <map>
#include <string>
#include <vector>

#include "lineshaft/error.hpp"
#include "lineshaft/status.hpp"
#include "lineshaft/worker_spec.hpp"

namespace lineshaft::policy {

/// Every worker by name, and what it waits for.
using dependency_graph = std::map<std::string, std::vector<dependency>, std::less<>>;

/// An unknown name, or a cycle, printed whole: "a → b → a".
result<> check(const dependency_graph& graph);

/// How a worker that others wait for stands at this moment.
struct standing {
  worker_state state = worker_state::stopped;
  bool has_process = false;
  bool ready = false;
  friend bool operator==(const standing&, const standing&) = default;
};
bool holds(start_condition when, const standing& of);

/// Those that nobody needs any more first: each level can be stopped when the one before it is down. `graph`
/// has no cycle; names that it does not hold are left out.
std::vector<std::vector<std::string>> stop_levels(const dependency_graph& graph);

}  // namespace lineshaft::policy
