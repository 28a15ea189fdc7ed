#pragma once
// What a pipeline will do before it does it: when it would restart what, and what a stop takes at worst. Pure.
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lineshaft/pipeline.hpp"

namespace lineshaft::cli {

struct retry_timeline {
  std::vector<std::chrono::milliseconds> delays;  ///< of a worker that dies at once each time: the first dozen
  std::optional<std::uint32_t> until_failed;      ///< restarts before it has failed for good; none: it never has
  std::chrono::milliseconds last{};               ///< the delay before the last of them, or of all that follow
};
retry_timeline retries_of(const worker_spec& worker);
/// "500 ms, 1 s, 2 s … 30 s", "never", "500 ms, 1 s, then failed", "1 s, 1 s, 1 s … 1 s, failed after 20"
std::string to_text(const retry_timeline& shown);

/// By worker, with its replicas as one.
stop_plan stop_plan_of(const pipeline_spec& pipeline);

}  // namespace lineshaft::cli
