#pragma once
// What holds for all workers of one manager.
#include <string>

namespace lineshaft {

struct manager_options {
  std::string log_dir;  ///< for files of captured output, made if it is missing; empty: there are none
};

}  // namespace lineshaft
