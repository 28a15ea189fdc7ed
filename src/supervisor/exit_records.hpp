#pragma once
// How a process ended, put together from everything that is known of it.
#include "policy/worker_life.hpp"
#include "supervisor/kernel.hpp"
#include "supervisor/worker_definition.hpp"

namespace lineshaft::supervisor {

/// The record of a process that has just ended, before its life is told. `said`: by the worker, of its failure.
exit_record record_of(const process& ended, const sys::exit_status& status, const policy::worker_life& life,
                      const worker_definition& worker, const std::string& said, policy::time_point now);

}  // namespace lineshaft::supervisor
