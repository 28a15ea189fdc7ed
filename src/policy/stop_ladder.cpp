#include "policy/stop_ladder.hpp"

#include <algorithm>
#include <csignal>
#include <string>

namespace lineshaft::policy {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

namespace {

milliseconds scaled(milliseconds span, milliseconds budget, milliseconds total) {
  if (total <= budget) return span;
  const auto share = static_cast<double>(budget.count()) / static_cast<double>(total.count());
  return milliseconds(static_cast<milliseconds::rep>(static_cast<double>(span.count()) * share));
}

}  // namespace

std::vector<timed_rung> fit(std::span<const stop_rung> ladder, milliseconds budget) {
  budget = std::max(budget, milliseconds(0));
  const auto last = std::ranges::find(ladder, SIGKILL, &stop_rung::signal);
  const bool kills = last != ladder.end();
  // What SIGKILL itself is given counts: the process has to vanish inside the budget, too.
  milliseconds total{0};
  for (auto rung = ladder.begin(); rung != ladder.end(); ++rung) {
    total += std::min(rung->grace, longest_span);
    if (rung == last) break;
  }
  std::vector<timed_rung> fitted;
  milliseconds at{0};
  for (auto rung = ladder.begin(); rung != last; ++rung) {
    fitted.push_back({rung->signal, scaled(at, budget, total)});
    at += std::min(rung->grace, longest_span);
  }
  fitted.push_back({SIGKILL, kills ? scaled(at, budget, total) : budget});
  // With no time at all there is nothing to be asked.
  if (budget == milliseconds(0)) return {{SIGKILL, milliseconds(0)}};
  return fitted;
}

result<> check_ladder(std::span<const stop_rung> ladder) {
  if (ladder.empty()) return fail(std::errc::invalid_argument, "cannot stop a worker by no signal at all");
  for (const auto& rung : ladder) {
    if (rung.signal < 1 || rung.signal > SIGRTMAX)
      return fail(std::errc::invalid_argument, "there is no signal " + std::to_string(rung.signal) + " to stop it by");
    if (rung.grace < milliseconds(0))
      return fail(std::errc::invalid_argument, "a signal cannot be given less than no time to be obeyed");
  }
  return {};
}

std::vector<stop_rung> watchdog_ladder(std::span<const stop_rung> declared) {
  std::vector<stop_rung> ladder(declared.begin(), declared.end());
  for (auto& rung : ladder) {
    if (rung.signal == SIGKILL) break;
    if (rung.grace == milliseconds(0)) rung.grace = watchdog_grace;
  }
  return ladder;
}

void stop_ladder::begin(time_point now, time_point deadline) {
  if (due_.empty()) {
    deadline_ = deadline;
    for (const auto& rung : fit(rungs_, duration_cast<milliseconds>(deadline - now)))
      due_.push_back({rung.signal, now + rung.after});
    // A ladder without SIGKILL leaves everything to the deadline, to the nanosecond.
    if (!std::ranges::contains(rungs_, SIGKILL, &stop_rung::signal)) due_.back().at = deadline;
    return;
  }
  deadline_ = std::min(deadline_, deadline);
  const auto left = due_.back().at - now;
  const auto budget = std::max(deadline_ - now, time_point::duration(0));
  if (left <= budget) return;
  const auto share = static_cast<double>(budget.count()) / static_cast<double>(left.count());
  for (auto& rung : due_) {
    const auto wait = static_cast<double>(std::max(rung.at - now, time_point::duration(0)).count()) * share;
    rung.at = now + time_point::duration(static_cast<time_point::rep>(wait));
  }
}

void stop_ladder::extend(time_point until, time_point deadline) {
  deadline_ = std::max(deadline_, deadline);
  if (due_.empty() || until <= due_.front().at) return;
  const auto longer = std::min(until, deadline_) - due_.front().at;
  for (auto& rung : due_) rung.at = std::min(rung.at + longer, std::max(deadline_, rung.at));
}

std::optional<int> stop_ladder::take_due(time_point now) {
  if (due_.empty() || now < due_.front().at) return std::nullopt;
  const int signal = due_.front().signal;
  due_.erase(due_.begin());
  return signal;
}

std::optional<time_point> stop_ladder::kills_at() const {
  return due_.empty() ? std::nullopt : std::optional(due_.back().at);
}

std::optional<time_point> stop_ladder::wake_at() const {
  return due_.empty() ? std::nullopt : std::optional(due_.front().at);
}

}  // namespace lineshaft::policy
