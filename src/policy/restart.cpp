#include "policy/restart.hpp"

#include <algorithm>
#include <cmath>
#include <format>

namespace lineshaft::policy {
namespace {

using std::chrono::milliseconds;

bool wants_restart(const restart_policy& policy, bool success) {
  switch (policy.mode) {
    case restart_mode::never: return false;
    case restart_mode::on_failure: return !success;
    case restart_mode::always: return true;
  }
  return false;
}

}  // namespace

bool limit_reached(const restart_limit& limit, std::vector<time_point>& restarts, time_point now) {
  const auto age = [now](time_point then) { return std::chrono::duration_cast<milliseconds>(now - then); };
  std::erase_if(restarts, [&](time_point then) { return age(then) >= limit.window; });
  return restarts.size() >= limit.count;
}

std::string to_text(const restart_limit& limit) {
  return std::format("{} restarts in {} s", limit.count, std::chrono::duration<double>(limit.window).count());
}

milliseconds spread(milliseconds span, double jitter, double chance) {
  const auto count = static_cast<double>(span.count()) * (1 + jitter * chance);
  return milliseconds(static_cast<milliseconds::rep>(std::llround(std::max(0.0, count))));
}

milliseconds backoff(const restart_policy& policy, std::uint32_t in_a_row) {
  // Nothing times infinity is no number.
  if (policy.delay <= milliseconds(0)) return milliseconds(0);
  const auto most = static_cast<double>(std::min(policy.max_delay, longest_span).count());
  const auto grown = static_cast<double>(policy.delay.count()) * std::pow(std::max(policy.factor, 1.0), in_a_row);
  // Also where the power has overflowed to infinity.
  return milliseconds(static_cast<milliseconds::rep>(std::min(grown, most)));
}

verdict judge(const restart_policy& policy, restart_history& history, const death& death, time_point now) {
  if (!wants_restart(policy, death.success)) return stay_down{};
  if (policy.limit && limit_reached(*policy.limit, history.restarts, now)) return give_up{to_text(*policy.limit)};
  if (death.healthy_for >= policy.forgive_after) history.in_a_row = 0;
  const auto delay = spread(backoff(policy, history.in_a_row), policy.jitter, death.chance);
  ++history.in_a_row;
  if (policy.limit) history.restarts.push_back(now);
  return restart_after{delay};
}

}  // namespace lineshaft::policy
