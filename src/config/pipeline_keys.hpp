#pragma once
// The one table of all keys of a pipeline file.
#include "config/key.hpp"
#include "config/pipeline_file.hpp"

namespace lineshaft::config {

/// [pipeline]
const keys<pipeline_file>& pipeline_keys();
/// [group.NAME]
const keys<group_spec>& group_keys();
/// [worker.NAME]
const keys<read_worker>& worker_keys();

/// [control]
const keys<control_file>& control_keys();
const keys<control_file>& token_keys();

/// Tables and arrays inside of a worker, for the reference.
const keys<restart_policy>& restart_keys();
const keys<watchdog_options>& watchdog_keys();
const keys<output_options>& output_keys();
const keys<resource_limits>& limit_keys();
const keys<cgroup_options>& cgroup_keys();

}  // namespace lineshaft::config
