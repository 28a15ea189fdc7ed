#include "sys/limits.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <array>

namespace lineshaft::sys {
namespace {

static_assert(RLIM_INFINITY == unlimited);

struct known_limit {
  int resource;
  std::string_view name;
  std::optional<resource_limit> resource_limits::* field;
};

constexpr std::array known_limits{
    known_limit{RLIMIT_AS, "RLIMIT_AS", &resource_limits::as},
    known_limit{RLIMIT_CORE, "RLIMIT_CORE", &resource_limits::core},
    known_limit{RLIMIT_CPU, "RLIMIT_CPU", &resource_limits::cpu},
    known_limit{RLIMIT_DATA, "RLIMIT_DATA", &resource_limits::data},
    known_limit{RLIMIT_FSIZE, "RLIMIT_FSIZE", &resource_limits::fsize},
    known_limit{RLIMIT_MEMLOCK, "RLIMIT_MEMLOCK", &resource_limits::memlock},
    known_limit{RLIMIT_MSGQUEUE, "RLIMIT_MSGQUEUE", &resource_limits::msgqueue},
    known_limit{RLIMIT_NICE, "RLIMIT_NICE", &resource_limits::nice},
    known_limit{RLIMIT_NOFILE, "RLIMIT_NOFILE", &resource_limits::nofile},
    known_limit{RLIMIT_NPROC, "RLIMIT_NPROC", &resource_limits::nproc},
    known_limit{RLIMIT_RTPRIO, "RLIMIT_RTPRIO", &resource_limits::rtprio},
    known_limit{RLIMIT_RTTIME, "RLIMIT_RTTIME", &resource_limits::rttime},
    known_limit{RLIMIT_SIGPENDING, "RLIMIT_SIGPENDING", &resource_limits::sigpending},
    known_limit{RLIMIT_STACK, "RLIMIT_STACK", &resource_limits::stack},
};

}  // namespace

std::vector<limit> wanted_limits(const resource_limits& wanted) {
  std::vector<limit> all;
  for (const auto& known : known_limits) {
    if (const auto& value = wanted.*known.field) all.push_back({known.resource, *value});
  }
  return all;
}

std::string_view limit_name(int resource) {
  const auto found = std::ranges::find(known_limits, resource, &known_limit::resource);
  return found == known_limits.end() ? "a limit" : found->name;
}

void raise_descriptor_limit() noexcept {
  rlimit now{};
  if (::getrlimit(RLIMIT_NOFILE, &now) != 0) return;
  now.rlim_cur = now.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &now);
}

resource_limit own_limit(int resource) {
  rlimit now{RLIM_INFINITY, RLIM_INFINITY};
  ::getrlimit(static_cast<__rlimit_resource>(resource), &now);
  return {now.rlim_cur, now.rlim_max};
}

}  // namespace lineshaft::sys
