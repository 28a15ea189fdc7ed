#include "top/model.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <format>
#include <functional>
#include <utility>

#include "top/members.hpp"

namespace lineshaft::top {
namespace {

namespace json = boost::json;
using std::chrono::milliseconds;

milliseconds span(const json::object& from, std::string_view name) {
  return milliseconds(number(from, name).value_or(0));
}

void take(row& made, const json::object& worker) {
  made.family = text(worker, "family");
  made.state = text(worker, "state");
  made.error = text(worker, "error");
  const auto* ready = worker.if_contains("ready");
  made.ready = ready != nullptr && ready->is_bool() && ready->get_bool();
  made.pid = number(worker, "pid");
  made.generation = number(worker, "generation").value_or(0);
  made.restarts = number(worker, "process_restarts").value_or(0);
  made.processed = number(worker, "processed").value_or(0);
  made.errors = number(worker, "errors").value_or(0);
  made.uptime = span(worker, "uptime_ms");
  made.age.reset();
  if (const auto age = span(worker, "age_ms"); age.count() > 0 || text(worker, "loop") != "none") made.age = age;
  made.next_start.reset();
  if (const auto next = number(worker, "next_start_ms")) made.next_start = milliseconds(*next);
  made.after.clear();
  if (const auto* after = worker.if_contains("after"); after != nullptr && after->is_array()) {
    for (const auto& one : after->get_array())
      if (one.is_string()) made.after.emplace_back(one.get_string());
  }
  made.status = &worker;
}

// A new process counts from nothing.
std::optional<double> rate_of(const row& now, std::int64_t generation, std::int64_t processed, seconds passed) {
  if (!now.pid || passed <= seconds(0)) return std::nullopt;
  const auto from = generation == now.generation ? processed : 0;
  return static_cast<double>(std::max<std::int64_t>(now.processed - from, 0)) / passed.count();
}

// In place: many workers are looked at many times a second, and mostly they are the same.
void take_again(row& known, const json::object& worker, seconds passed) {
  const auto generation = known.generation, processed = known.processed;
  take(known, worker);
  known.rate = rate_of(known, generation, processed, passed);
  known.past_rates.push_back(known.rate.value_or(0));
  if (known.past_rates.size() > model::kept_rates) known.past_rates.pop_front();
}

/// What is worse comes first.
int urgency(const row& one) {
  constexpr std::array<std::string_view, 7> states{"failed",  "backoff", "stopping", "starting",
                                                   "running", "stopped", "completed"};
  if (one.state == "running" && !one.ready) return 2;
  return static_cast<int>(std::ranges::find(states, one.state) - states.begin());
}

}  // namespace

std::string_view to_string(order by) {
  switch (by) {
    case order::name: return "name";
    case order::rate: return "rate";
    case order::cpu: return "cpu";
    case order::memory: return "memory";
    case order::restarts: return "restarts";
    case order::state: return "state";
  }
  return "unknown";
}

void model::saw(json::object status_now, time_point now, std::shared_ptr<void> memory) {
  lost_.clear();
  last_ = std::make_unique<const answer>(std::move(memory), std::move(status_now));
  const auto& status = last_->status;
  pipeline_ = text(status, "pipeline");
  if (const auto* manager = status.if_contains("manager"); manager != nullptr && manager->is_object()) {
    manager_pid_ = number(manager->get_object(), "pid").value_or(0);
    manager_uptime_ = span(manager->get_object(), "uptime_ms");
  }
  const auto passed = seen_ ? seconds(now - *seen_) : seconds(0);
  seen_ = now;
  for (auto& [name, one] : rows_) one.status = nullptr;
  const auto* workers = status.if_contains("workers");
  const json::array none;
  for (const auto& one : workers != nullptr && workers->is_array() ? workers->get_array() : none) {
    if (!one.is_object()) continue;
    const auto& worker = one.get_object();
    auto name = text(worker, "name");
    if (const auto known = rows_.find(name); known != rows_.end()) {
      take_again(known->second, worker, passed);
    } else {
      auto& made = rows_[name];
      made.name = std::move(name);
      take(made, worker);
    }
  }
  std::erase_if(rows_, [](const auto& one) { return one.second.status == nullptr; });
}

void model::measured(const std::map<std::int64_t, usage>& by_pid, time_point now) {
  const auto passed = measured_ ? seconds(now - *measured_) : seconds(0);
  measured_ = now;
  for (auto& [name, one] : rows_) {
    const auto found = one.pid ? by_pid.find(*one.pid) : by_pid.end();
    auto& before = looks_[name];
    one.cpu.reset();
    one.resident_bytes = 0;
    if (found == by_pid.end()) {
      before = {};
      continue;
    }
    if (before.pid == *one.pid && passed > seconds(0)) one.cpu = (found->second.cpu - before.cpu) / passed;
    one.resident_bytes = found->second.resident_bytes;
    before = {*one.pid, found->second.cpu};
  }
}

std::size_t model::ready() const {
  return static_cast<std::size_t>(std::ranges::count_if(rows_, [](const auto& one) { return one.second.ready; }));
}

std::vector<std::int64_t> model::pids() const {
  std::vector<std::int64_t> all;
  for (const auto& [name, one] : rows_)
    if (one.pid) all.push_back(*one.pid);
  return all;
}

std::size_t model::replicas_of(const std::string& family) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(rows_, [&](const auto& one) { return one.second.family == family; }));
}

std::vector<const row*> model::shown() const {
  std::vector<const row*> all;
  for (const auto& [name, one] : rows_)
    if (name.contains(filter_) || one.state.contains(filter_)) all.push_back(&one);
  const auto highest = [&](auto of) { std::ranges::stable_sort(all, std::greater<>(), of); };
  switch (order_) {
    case order::name: break;
    case order::rate: highest([](const row* one) { return one->rate.value_or(0); }); break;
    case order::cpu: highest([](const row* one) { return one->cpu.value_or(0); }); break;
    case order::memory: highest([](const row* one) { return one->resident_bytes; }); break;
    case order::restarts: highest([](const row* one) { return one->restarts; }); break;
    case order::state: std::ranges::stable_sort(all, {}, [](const row* one) { return urgency(*one); }); break;
  }
  return all;
}

const row* model::selected() const {
  const auto all = shown();
  const auto found = std::ranges::find(all, selected_, &row::name);
  if (found != all.end()) return *found;
  return all.empty() ? nullptr : all.front();
}

void model::move(std::ptrdiff_t by) {
  const auto all = shown();
  if (all.empty()) return;
  const auto at = std::ranges::find(all, selected()) - all.begin();
  selected_ = all[static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(at + by, 0, std::ssize(all) - 1))]->name;
}

void model::sort_by_next() { order_ = static_cast<order>((static_cast<int>(order_) + 1) % 6); }

std::string sparkline(const std::deque<double>& values, std::size_t width) {
  constexpr std::array<std::string_view, 9> bars{" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  const auto count = std::min(width, values.size());
  const auto highest =
      values.empty() ? 0 : *std::max_element(values.end() - static_cast<std::ptrdiff_t>(count), values.end());
  std::string line(width - count, ' ');
  for (auto at = values.size() - count; at < values.size(); ++at) {
    const auto share = highest > 0 ? values[at] / highest : 0;
    line += share > 0 ? bars[std::clamp<std::size_t>(static_cast<std::size_t>(share * 8 + 0.5), 1, 8)] : bars[0];
  }
  return line;
}

std::string short_number(double value) {
  constexpr std::array<std::string_view, 4> units{"", "k", "M", "G"};
  std::size_t unit = 0;
  while (value >= 999.5 && unit + 1 < units.size()) {
    value /= 1000;
    ++unit;
  }
  return value < 99.95 && (unit > 0 || value != static_cast<double>(static_cast<std::int64_t>(value)))
             ? std::format("{:.1f}{}", value, units[unit])
             : std::format("{:.0f}{}", value, units[unit]);
}

std::string short_bytes(std::uint64_t bytes) {
  constexpr std::array<std::string_view, 4> units{"K", "M", "G", "T"};
  auto value = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  while (value >= 999.5 && unit + 1 < units.size()) {
    value /= 1024;
    ++unit;
  }
  return value < 9.95 && unit > 0 ? std::format("{:.1f}{}", value, units[unit])
                                  : std::format("{:.0f}{}", value, units[unit]);
}

std::string short_span(milliseconds span) {
  const auto count = span.count();
  if (count < 10'000) return std::format("{:.1f}s", static_cast<double>(count) / 1000);
  if (count < 120'000) return std::format("{}s", count / 1000);
  if (count < 7'200'000) return std::format("{}m", count / 60'000);
  if (count < 172'800'000) return std::format("{}h", count / 3'600'000);
  return std::format("{}d", count / 86'400'000);
}

}  // namespace lineshaft::top
