#pragma once
// Whether the end of a process is a success. Pure.
#include "lineshaft/worker_spec.hpp"
#include "policy/worker_life.hpp"

namespace lineshaft::policy {

struct process_end {
  int code = 0;  ///< exit code, or -signal
  bool code_known = true;
  bool is_class = true;  ///< a worker class, or any program
  leave_cause cause = leave_cause::none;
};

/// One of a program's codes, or the signal by which it was asked to leave. Of a class, success is a thing that it
/// says: exit(0) from somewhere inside is none.
bool is_success(const process_end& end, const start_options& how);

/// It was asked to leave, and the signal by which it was asked ended it.
bool ended_by_stop(const process_end& end, const start_options& how);

}  // namespace lineshaft::policy
