#pragma once
// `lineshaft up`: the manager as a process of its own, watched until its pipeline is up.
#include <chrono>
#include <optional>

#include "cli/files.hpp"

namespace lineshaft::cli {

/// Gives the exit code: done when all workers are ready. What was started goes on in any case.
int run_in_background(const invocation& with, const loaded_pipeline& loaded,
                      std::optional<std::chrono::milliseconds> within);

}  // namespace lineshaft::cli
