#pragma once
// Whether the settings of a process can hold, as far as that is known before there is one. The kernel has the
// last word, inside the new process, and in the same words.
#include <cstdint>
#include <span>
#include <string_view>

#include "lineshaft/error.hpp"
#include "lineshaft/worker_spec.hpp"

namespace lineshaft::policy {

/// One limit that is wanted, and the manager's own hard one.
struct limit_wish {
  std::string_view name;  ///< "RLIMIT_NOFILE"
  resource_limit wanted;
  std::uint64_t own_hard = unlimited;
};

/// What the manager may give.
struct manager_rights {
  bool may_raise_limits = false;
  int lowest_nice = 0;  ///< that it can set
  unsigned cpus = 1;    ///< processors of the machine
};

/// The lowest nice value of a process with this one and this hard RLIMIT_NICE.
int lowest_nice(bool privileged, int own, std::uint64_t hard_limit);

result<> check_limit(const limit_wish& wish, const manager_rights& rights);
/// Everything of `how` that is a number.
result<> check_settings(const start_options& how, std::span<const limit_wish> limits, const manager_rights& rights);

}  // namespace lineshaft::policy
