#pragma once
// What a pipeline will do before it does it: when it would restart what, and what a stop takes at worst. Pure.
#include <chrono>
#include <string>
#include <vector>

#include "lineshaft/pipeline.hpp"

namespace lineshaft::cli {

struct retry_timeline {
  std::vector<std::chrono::milliseconds> delays;  ///< of a worker that dies at once each time
  bool goes_on = true;  ///< the last delay is that of all that follow; else it has failed then
};
retry_timeline retries_of(const worker_spec& worker);
/// "0.5 s, 1 s, 2 s … 30 s", "never", "0.5 s, 1 s, then it has failed"
std::string to_text(const retry_timeline& shown);

/// By worker, with its replicas as one.
stop_plan stop_plan_of(const pipeline_spec& pipeline);

}  // namespace lineshaft::cli
