#pragma once
// CPU time and memory of processes: proc_pid_stat(5).
#include <map>
#include <vector>

#include "top/model.hpp"

namespace lineshaft::top {

/// Those that are gone, or not to be seen from here, are left out.
std::map<std::int64_t, usage> usage_of(const std::vector<std::int64_t>& pids);

}  // namespace lineshaft::top
