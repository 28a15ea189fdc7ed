#pragma once
// The settings of a worker's process, from what was asked for to what is sent to the fork server.
#include <string>
#include <vector>

#include "lineshaft/worker_spec.hpp"
#include "sys/process_settings.hpp"

namespace lineshaft::supervisor {

/// Checks and resolves. Users are looked up, which may take its time: to be called on the thread that starts
/// the worker. `environment` is the manager's, and becomes what the worker's begins with.
result<sys::process_settings> resolve_settings(const start_options& how, std::vector<std::string>& environment);

}  // namespace lineshaft::supervisor
