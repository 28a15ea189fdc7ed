#include "cli/forecast.hpp"

#include <algorithm>
#include <format>
#include <map>

#include "cli/terminal.hpp"
#include "config/restart_pace.hpp"
#include "policy/dependencies.hpp"
#include "policy/moments.hpp"
#include "policy/restart.hpp"

namespace lineshaft::cli {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t shown_at_most = 12;
// So many restarts in a row that the delay does not grow any more.
constexpr std::uint32_t a_long_time = 1'000'000'000;

}  // namespace

retry_timeline retries_of(const worker_spec& worker) {
  const auto& restart = worker.how.restart;
  retry_timeline line;
  if (restart.mode == restart_mode::never) return {.delays = {}, .until_failed = 0, .last = {}};
  // What is never reached because of the delays is an error of the file; the jitter may still decide.
  if (auto exact = restart; restart.limit) {
    exact.jitter = 0;
    exact.forgive_after = policy::longest_span;  // who dies at once is never healthy
    if (config::can_be_reached(exact)) line.until_failed = restart.limit->count;
  }
  const auto most = std::min<std::size_t>(line.until_failed.value_or(shown_at_most), shown_at_most);
  while (line.delays.size() < most) {
    const auto next = policy::backoff(restart, static_cast<std::uint32_t>(line.delays.size()));
    if (!line.until_failed && !line.delays.empty() && line.delays.back() == next) break;
    line.delays.push_back(next);
  }
  line.last = policy::backoff(restart, line.until_failed ? std::max(*line.until_failed, 1U) - 1 : a_long_time);
  return line;
}

std::string to_text(const retry_timeline& shown) {
  if (shown.delays.empty()) return "never";
  const auto is_short = shown.delays.size() <= 4 && shown.delays.back() == shown.last;
  const auto many = is_short ? shown.delays.size() : 3;
  std::string text;
  for (std::size_t at = 0; at < many; ++at) text += (text.empty() ? "" : ", ") + span_for_people(shown.delays[at]);
  if (!is_short) text += " … " + span_for_people(shown.last);
  if (!shown.until_failed) return text;
  return text + (*shown.until_failed > shown_at_most ? std::format(", failed after {}", *shown.until_failed)
                                                     : ", then failed");
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
