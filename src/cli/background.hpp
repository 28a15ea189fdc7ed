#pragma once
// `lineshaft up`: the manager as a process of its own, watched until its pipeline is up.
#include <chrono>
#include <optional>
#include <string>

#include "cli/files.hpp"

namespace lineshaft::cli {

/// Where what the workers of a pipeline in the background print is kept, if its file does not say it.
std::string default_log_dir(const std::string& pipeline);

/// Until when somebody listens to it.
enum class listen_until {
  begun,  ///< it can be asked
  up,     ///< each worker has become ready, has completed or has failed: said for people, or as JSON
};

/// Gives the exit code. What was started goes on in any case.
int run_in_background(const invocation& with, const loaded_pipeline& loaded, listen_until until,
                      std::optional<std::chrono::milliseconds> within = {});

}  // namespace lineshaft::cli
