#pragma once
// The processes that a fork server has made, kept without a handle of each: every copy of the fork server would have
// to close it, and the end of each would wake two processes in place of one. The number of a process and the moment of
// its beginning say the same, and give a handle when one is needed.
#include <sys/types.h>

#include <array>
#include <cstdint>
#include <vector>

#include "lineshaft/error.hpp"
#include "lineshaft/unique_fd.hpp"

namespace lineshaft::forkserver {

struct made_process {
  pid_t pid = 0;
  std::uint64_t not_before = 0, not_after = 0;  ///< sys::ticks_since_boot() beside its beginning
  std::array<unique_fd, 2> reading;             ///< its output, which the manager reads while there is one
  unique_fd group_killer;                       ///< none: it has no control group of its own
};

class offspring {
 public:
  /// Forgets at most two of those that have ended, so that they stay fewer than twice those that live.
  void add(made_process one);
  /// That one, which an earlier fork server may have made, prints into pipes of these reading ends.
  void prints(pid_t pid, std::array<unique_fd, 2> reading);
  std::vector<made_process>& all() { return all_; }

 private:
  std::vector<made_process> all_;
  std::size_t next_look_ = 0;
};

/// A handle of exactly this process. "No such process" if it has been reaped, whoever has its number now.
result<unique_fd> handle_of(const made_process& one);

}  // namespace lineshaft::forkserver
