#pragma once
// The end of a running pipeline and of its manager.
#include <chrono>
#include <optional>

#include "cli/invocation.hpp"

namespace lineshaft::cli {

/// Within so long, or the pipeline's own stop_timeout. Returns when the manager has gone; gives the exit code.
int stop_everything(const invocation& with, std::optional<std::chrono::milliseconds> within);

}  // namespace lineshaft::cli
