#pragma once
// What holds for all workers of one manager.
#include <string>

namespace lineshaft {

struct manager_options {
  std::string log_dir;  ///< for files of captured output, made if it is missing; empty: there are none
  /// This program makes no other children. Every process that comes to it as an orphan is reaped then, as PID 1 has
  /// to; without, only those that are known to be of a worker's tree.
  bool owns_children = false;
};

}  // namespace lineshaft
