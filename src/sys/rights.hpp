#pragma once
// What this process is and may do: capabilities(7), credentials(7).
#include <sys/types.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "lineshaft/error.hpp"

namespace lineshaft::sys {

/// In the effective set: it may raise limits, priorities, and take another identity and still signal it.
struct capabilities {
  bool resource = false;  ///< CAP_SYS_RESOURCE
  bool nice = false;      ///< CAP_SYS_NICE
  bool identity = false;  ///< CAP_SETUID, CAP_SETGID and CAP_KILL
};

struct credentials {
  std::array<uid_t, 3> uids{};  ///< real, effective, saved
  std::array<gid_t, 3> gids{};
  std::vector<gid_t> groups;
};

capabilities own_capabilities();
credentials own_credentials();
int own_nice();
/// The hard RLIMIT_NICE.
std::uint64_t own_hard_nice_limit();
/// Processors that this machine is configured with: their numbers are below it.
unsigned configured_cpus();
/// A directory that this process can see.
result<> is_directory(const std::string& path);

}  // namespace lineshaft::sys
