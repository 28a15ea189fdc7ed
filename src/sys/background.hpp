#pragma once
// A program that goes on when this one has ended: posix_spawn(3), in a session of its own.
#include <sys/types.h>

#include <string>
#include <vector>

#include "lineshaft/error.hpp"
#include "lineshaft/unique_fd.hpp"

namespace lineshaft::sys {

struct background_process {
  pid_t pid = 0;
  unique_fd handle;  ///< its pidfd
};

/// With /dev/null as its input and `output` as both of its outputs, no other descriptor, and signals as they are for a
/// new program. No terminal's end reaches it.
result<background_process> start_in_background(const std::string& path, const std::vector<std::string>& argv,
                                               const std::vector<std::string>& environment, int output);

}  // namespace lineshaft::sys
