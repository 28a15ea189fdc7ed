#include "config/restart_pace.hpp"

#include <algorithm>

#include "policy/restart.hpp"

namespace lineshaft::config {
namespace {

/// Deaths inside the window, each followed by a restart, of a worker that dies at once each time: nothing restarts
/// faster. One that is forgiven begins anew, after its health. No more than `enough` are counted.
std::uint64_t most_deaths(const restart_policy& policy, std::chrono::milliseconds window, std::uint64_t enough) {
  if (policy.mode == restart_mode::never) return 0;
  const auto end = static_cast<double>(window.count());
  const auto anew = static_cast<double>((policy.forgive_after + policy.delay).count());
  std::uint64_t deaths = 0;
  for (double at = 0; at < end && deaths < enough; ++deaths) {
    const auto delay = static_cast<double>(policy::backoff(policy, static_cast<std::uint32_t>(deaths)).count());
    if (delay <= 0) return enough;
    at += std::min(delay, anew) * (1 - policy.jitter);
  }
  return deaths;
}

}  // namespace

bool can_be_reached(const restart_policy& policy) {
  const std::uint64_t one_too_many = std::uint64_t(policy.limit->count) + 1;
  return most_deaths(policy, policy.limit->window, one_too_many) == one_too_many;
}

bool can_be_reached(const restart_limit& limit, std::span<const restart_policy> members) {
  const std::uint64_t one_too_many = std::uint64_t(limit.count) + 1;
  std::uint64_t deaths = 0;
  for (const auto& policy : members) {
    auto of_one = most_deaths(policy, limit.window, one_too_many);
    // Beyond its own limit it is not started again.
    if (policy.limit && policy.limit->window >= limit.window)
      of_one = std::min<std::uint64_t>(of_one, policy.limit->count);
    deaths += of_one;
  }
  return deaths >= one_too_many;
}

}  // namespace lineshaft::config
