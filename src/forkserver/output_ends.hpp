#pragma once
// Where the standard output and standard error of one process go, as the descriptors that came with its request.
#include <array>
#include <vector>

#include "channel/launch_messages.hpp"
#include "lineshaft/unique_fd.hpp"

namespace lineshaft::forkserver {

struct output_ends {
  unique_fd out, err;  ///< none: those of this process
  /// Kept while the process lives, so that it can go on printing when the manager, who reads, is dead: a pipe
  /// without a reader would end a program by SIGPIPE, and one that nobody empties would stop it (ADR 64).
  std::array<unique_fd, 2> reading;
};

/// Takes them off the end of `descriptors`.
result<output_ends> take_output_ends(channel::output_kind kind, std::vector<unique_fd>& descriptors);

/// Of the control group that a process is to enter.
struct group_ends {
  unique_fd entry, killer;  ///< none: it stays in this process's
};

/// The same, after the output.
group_ends take_group_ends(bool has_group, std::vector<unique_fd>& descriptors);

}  // namespace lineshaft::forkserver
