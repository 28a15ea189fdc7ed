#include "policy/dependencies.hpp"

#include <algorithm>
#include <set>

#include "base/expects.hpp"
#include "policy/cycle.hpp"

namespace lineshaft::policy {
namespace {

/// Depth first, with the way it came by.
class cycle_search {
 public:
  explicit cycle_search(const dependency_graph& graph) : graph_(graph) {}

  /// The cycle that `name` leads to, from its first member to the same again; empty if there is none.
  std::vector<std::string> from(const std::string& name) {
    const auto seen = std::ranges::find(way_, name);
    if (seen != way_.end()) {
      std::vector<std::string> cycle(seen, way_.end());
      cycle.push_back(name);
      return cycle;
    }
    if (!visited_.insert(name).second) return {};
    way_.push_back(name);
    for (const auto& next : graph_.at(name)) {
      if (auto cycle = from(next.on); !cycle.empty()) return cycle;
    }
    way_.pop_back();
    return {};
  }

 private:
  const dependency_graph& graph_;
  std::vector<std::string> way_;
  std::set<std::string, std::less<>> visited_;
};

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : " → ") + name;
  return text;
}

}  // namespace

std::vector<std::string> find_cycle(const dependency_graph& graph) {
  cycle_search search(graph);
  for (const auto& [name, after] : graph) {
    if (auto cycle = search.from(name); !cycle.empty()) return cycle;
  }
  return {};
}

result<> check(const dependency_graph& graph) {
  for (const auto& [name, after] : graph) {
    for (const auto& one : after) {
      if (!graph.contains(one.on)) {
        return fail("cannot start '" + name + "' after '" + one.on + "': there is no worker of that name");
      }
    }
  }
  if (const auto cycle = find_cycle(graph); !cycle.empty())
    return fail("cannot start '" + cycle.front() + "': it waits for itself: " + joined(cycle));
  return {};
}

bool holds(start_condition when, const standing& of) {
  const bool completed = of.state == worker_state::completed;
  switch (when) {
    case start_condition::started: return of.has_process || completed;
    case start_condition::ready: return of.ready || completed;
    case start_condition::completed: return completed;
  }
  return false;
}

std::vector<std::vector<std::string>> stop_levels(const dependency_graph& graph) {
  std::vector<std::vector<std::string>> levels;
  auto left = graph;
  while (!left.empty()) {
    std::set<std::string, std::less<>> needed;
    for (const auto& [name, after] : left) {
      for (const auto& one : after) needed.insert(one.on);
    }
    auto& level = levels.emplace_back();
    for (const auto& [name, after] : left) {
      if (!needed.contains(name)) level.push_back(name);
    }
    expects(!level.empty(), "a checked graph has no cycle");
    for (const auto& name : level) left.erase(name);
  }
  return levels;
}

}  // namespace lineshaft::policy
