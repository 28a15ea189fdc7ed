#include "policy/settings_check.hpp"

#include <algorithm>
#include <format>
#include <string>

#include "base/settings_text.hpp"

namespace lineshaft::policy {
namespace {

constexpr unsigned most_cpus = 1024;  // cpu_set_t

result<> check_nice(std::optional<int> wanted, const manager_rights& rights) {
  if (!wanted) return {};
  if (*wanted < -20 || *wanted > 19)
    return fail(std::errc::invalid_argument, nice_text(*wanted) + ": it goes from -20 to 19");
  if (*wanted < rights.lowest_nice)
    return fail(std::errc::permission_denied,
                nice_text(*wanted) + ": " + std::to_string(rights.lowest_nice) + " is the lowest without CAP_SYS_NICE");
  return {};
}

result<> check_oom_score_adj(std::optional<int> wanted) {
  if (!wanted || (*wanted >= -1000 && *wanted <= 1000)) return {};
  return fail(std::errc::invalid_argument, oom_score_adj_text(*wanted) + ": it goes from -1000 to 1000");
}

result<> check_cpus(std::span<const unsigned> wanted, const manager_rights& rights) {
  const auto cpus = std::min(rights.cpus, most_cpus);
  if (std::ranges::all_of(wanted, [&](unsigned cpu) { return cpu < cpus; })) return {};
  return fail(std::errc::invalid_argument,
              cpu_affinity_text(wanted) + ": the processors of this machine are 0 to " + std::to_string(cpus - 1));
}

// The kernel deals time out by the millisecond, in tenths of a second; 1,024 processors are the most it knows.
result<> check_cgroup(const std::optional<cgroup_options>& wanted) {
  const double cpus = wanted ? wanted->cpu_max : 0;
  if (cpus == 0 || (cpus >= 0.01 && cpus <= most_cpus)) return {};
  return fail(std::errc::invalid_argument,
              std::format("cannot set cpu_max to {}: it goes from 0.01 to {}", cpus, most_cpus));
}

result<> check_umask(std::optional<std::uint32_t> wanted) {
  if (!wanted || *wanted <= 0777) return {};
  return fail(std::errc::invalid_argument, umask_text(*wanted) + ": it goes to 0777");
}

}  // namespace

int lowest_nice(bool privileged, int own, std::uint64_t hard_limit) {
  if (privileged) return -20;
  return std::min(own, 20 - static_cast<int>(std::min<std::uint64_t>(hard_limit, 40)));
}

result<> check_limit(const limit_wish& wish, const manager_rights& rights) {
  if (wish.wanted.soft > wish.wanted.hard)
    return fail(std::errc::invalid_argument,
                limit_text(wish.name, wish.wanted) + ": the soft limit is above the hard one");
  if (wish.wanted.hard > wish.own_hard && !rights.may_raise_limits)
    return fail(std::errc::operation_not_permitted,
                limit_text(wish.name, wish.wanted) + ": the manager's own hard limit is " +
                    std::to_string(wish.own_hard) + ", and it has no CAP_SYS_RESOURCE");
  return {};
}

result<> check_settings(const start_options& how, std::span<const limit_wish> limits, const manager_rights& rights) {
  for (const auto& wish : limits) {
    if (auto fits = check_limit(wish, rights); !fits) return fits;
  }
  if (auto fits = check_nice(how.nice, rights); !fits) return fits;
  if (auto fits = check_oom_score_adj(how.oom_score_adj); !fits) return fits;
  if (auto fits = check_cpus(how.cpu_affinity, rights); !fits) return fits;
  if (auto fits = check_cgroup(how.cgroup); !fits) return fits;
  return check_umask(how.umask);
}

}  // namespace lineshaft::policy
