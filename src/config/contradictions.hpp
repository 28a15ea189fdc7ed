#pragma once
// What cannot hold together although each value by itself is well written. Pure.
#include <span>
#include <vector>

#include "config/fault.hpp"
#include "config/pipeline_file.hpp"
#include "lineshaft/worker_class.hpp"

namespace lineshaft::config {

/// All that were read, with the place of each. `selected` says of each worker whether its profile was asked for.
struct whole_file {
  const pipeline_spec& pipeline;
  std::span<const read_worker> workers;
  std::span<const read_worker> left_out;  ///< their profile was not asked for
  std::span<const worker_class> classes;
};

void find_contradictions(const whole_file& whole, std::vector<fault>& found);

/// Whether this many restarts can ever happen inside the window, as slowly as the policy makes them.
bool can_be_reached(const restart_policy& policy);

}  // namespace lineshaft::config
