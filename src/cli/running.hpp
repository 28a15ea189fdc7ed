#pragma once
// The manager in the foreground: `lineshaft run` after everything has been read. On the calling thread, which waits for
// signals and for the end.
#include "cli/files.hpp"
#include "cli/invocation.hpp"

namespace lineshaft::cli {

/// Gives the exit code.
int run_in_foreground(const invocation& with, loaded_pipeline loaded);

}  // namespace lineshaft::cli
