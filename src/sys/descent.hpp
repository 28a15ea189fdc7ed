#pragma once
// Whether a process belongs to another one's family: proc_pid_stat(5).
#include <sys/types.h>

#include <vector>

namespace lineshaft::sys {

/// Whether `process` is `leader`, descends from it, or is in its process group. `handle`: the pidfd of the process,
/// if there is one. `leader` has to be a child of ours that is not reaped. False for one that has been
/// reaped meanwhile: nothing tells any more whose it was.
bool belongs_to(pid_t process, int handle, pid_t leader);

/// Those that this thread is the parent of, ended ones too. None where the kernel does not tell (CONFIG_PROC_CHILDREN).
std::vector<pid_t> children_of_this_thread();

}  // namespace lineshaft::sys
