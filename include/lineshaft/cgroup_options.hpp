#pragma once
// A control group for the whole tree of one process: cgroups(7), version 2.
#include <cstdint>

namespace lineshaft {

/// Nobody leaves it: at the end of the process whatever it has started is killed, whoever that became. Limits take a
/// manager that may make control groups with these controllers (systemd: Delegate=yes); without limits one that may
/// not goes by group, session and parents.
struct cgroup_options {
  /// Bytes, of the whole tree; if they do not suffice the kernel kills all of it, and the exit record says so.
  /// 0: as much as it likes.
  std::uint64_t memory_max = 0;
  double cpu_max = 0;  ///< processors, of the whole tree: 1.5. 0: as much as it likes
  friend bool operator==(const cgroup_options&, const cgroup_options&) = default;
};

}  // namespace lineshaft
