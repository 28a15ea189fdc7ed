#pragma once
// What every verb gets: who was called, and the options that all share.
#include <chrono>
#include <string>
#include <vector>

#include "lineshaft/host.hpp"

namespace lineshaft::cli {

/// Exit codes, as documented.
inline constexpr int done = 0, not_done = 1, wrong_usage = 2, no_manager = 3;

struct common {
  std::vector<std::string> files;     ///< -f
  std::string pipeline;               ///< -p; empty: by the file
  std::vector<std::string> profiles;  ///< --profile
  std::string color = "auto";
  bool json = false;
};

struct invocation {
  lineshaft::host& host;
  std::string program;  ///< as it was called, without folders: "lineshaft"
  std::string path;     ///< of the program file, absolute
  cli::common common;
};

}  // namespace lineshaft::cli
