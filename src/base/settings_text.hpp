#pragma once
// What cannot be done, in the words of every error about the settings of a process: the same before the start,
// where a check refuses it, and inside the new process, where the kernel does.
#include <span>
#include <string>
#include <string_view>

#include "lineshaft/resource_limits.hpp"

namespace lineshaft {

/// "cannot set RLIMIT_NOFILE to 10000", "… to 1024:unlimited" (soft:hard).
std::string limit_text(std::string_view name, const resource_limit& wanted);
std::string nice_text(int wanted);
std::string oom_score_adj_text(int wanted);
/// "cannot set the CPU affinity to 0,1"
std::string cpu_affinity_text(std::span<const unsigned> wanted);
/// "cannot change to user 'redis:redis'"
std::string user_text(std::string_view wanted);
/// "cannot set the umask to 0027"
std::string umask_text(unsigned wanted);
std::string working_directory_text(std::string_view wanted);

}  // namespace lineshaft
