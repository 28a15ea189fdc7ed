#pragma once
// What tells a machine how the pipeline is: pure functions of the status of its workers.
#include <cstdint>
#include <string>
#include <vector>

#include "control/known_worker.hpp"
#include "control/message.hpp"

namespace lineshaft::control {

/// It has no process and should have one, whether that is tried again or not.
bool is_dead(const known_worker& worker);

/// All essential workers are ready, or have completed: 200. Else 503, with those that are not.
reply readiness(const std::vector<known_worker>& workers);

struct service_identity {
  std::string service;                                    ///< the pipeline
  std::string container_image, image_version;             ///< of the environment, as the next two: $CONTAINER_IMAGE …
  std::uint64_t prefetch_count = 0, max_concurrency = 0;  ///< what the workers are told; 0: nobody has said it
};
/// The shape of the predecessor's /health, which its dashboards read. Where a worker is dead it says ERROR, and 503.
reply predecessor_health(const service_identity& who, const std::vector<known_worker>& workers);

}  // namespace lineshaft::control
