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
  std::span<const written_group> groups;
  std::span<const worker_class> classes;
};

void find_contradictions(const whole_file& whole, std::vector<fault>& found);

}  // namespace lineshaft::config
