#pragma once
// The difference between two pipelines, worker by worker and replica by replica: only what changed moves.
#include <cstdint>
#include <map>
#include <string>

#include "lineshaft/pipeline.hpp"
#include "lineshaft/reload.hpp"

namespace lineshaft::policy {

/// How many replicas each worker that has them runs now: they may have been scaled since.
using replica_counts = std::map<std::string, std::uint32_t>;

/// What has to be done so that what runs as `before` runs as `after`. Replicas that were scaled stay so, unless
/// their number in the pipeline has changed.
reload_plan plan_reload(const pipeline_spec& before, const pipeline_spec& after, const replica_counts& running);

}  // namespace lineshaft::policy
