#pragma once
// What the kernel says of processes.
#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace bench {

/// Memory that is a process's alone. 0 if there is no such process.
std::size_t private_bytes(pid_t pid);
/// How often its threads went to sleep, and so have been or will be woken.
std::uint64_t wake_ups(pid_t pid);
/// All children of this process, whichever thread made them.
std::vector<pid_t> children();
/// Those of them that have this name.
std::vector<pid_t> children_named(const char* name);

}  // namespace bench
