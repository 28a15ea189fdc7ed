#include "cli/forecast.hpp"

#include <algorithm>
#include <map>

#include "cli/terminal.hpp"
#include "policy/dependencies.hpp"
#include "policy/restart.hpp"

namespace lineshaft::cli {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t shown_at_most = 12;

}  // namespace

retry_timeline retries_of(const worker_spec& worker) {
  const auto& restart = worker.how.restart;
  retry_timeline line;
  if (restart.mode == restart_mode::never) return {{}, false};
  policy::restart_history history;
  policy::time_point now{};
  for (;;) {
    const auto next = policy::judge(restart, history, {.success = false, .healthy_for = {}, .chance = 0}, now);
    const auto* again = std::get_if<policy::restart_after>(&next);
    if (again == nullptr) {
      line.goes_on = false;
      return line;
    }
    const bool settled = !line.delays.empty() && line.delays.back() == again->delay;
    if (!restart.limit && settled) return line;
    if (line.delays.size() == shown_at_most) return line;
    line.delays.push_back(again->delay);
    now += again->delay;
  }
}

std::string to_text(const retry_timeline& shown) {
  if (shown.delays.empty()) return "never";
  std::string text;
  for (std::size_t at = 0; at < shown.delays.size(); ++at) {
    const bool last = at + 1 == shown.delays.size();
    if (shown.delays.size() > 4 && at == 3 && !last) text += " …";
    if (shown.delays.size() > 4 && at >= 3 && !last) continue;
    text += (text.empty() ? "" : text.ends_with("…") ? " " : ", ") + span_for_people(shown.delays[at]);
  }
  return shown.goes_on ? text : text + ", then failed";
}

stop_plan stop_plan_of(const pipeline_spec& pipeline) {
  policy::dependency_graph graph;
  std::map<std::string, milliseconds> times;
  for (const auto& worker : pipeline.workers) {
    graph.emplace(worker.name, worker.how.after);
    times.emplace(worker.name, worker.how.stop_timeout);
  }
  stop_plan plan;
  for (const auto& level : policy::stop_levels(graph)) {
    milliseconds longest{};
    for (const auto& name : level) {
      plan.workers.push_back({name, plan.total, times.at(name)});
      longest = std::max(longest, times.at(name));
    }
    plan.total += longest;
  }
  return plan;
}

}  // namespace lineshaft::cli
