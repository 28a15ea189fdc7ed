#pragma once
// [control] of a pipeline file, as the control server takes it.
#include "cli/files.hpp"
#include "cli/run_directory.hpp"
#include "control/server.hpp"

namespace lineshaft::cli {

/// An error names a user that this machine does not know.
result<control::server_options> control_options_of(const config::pipeline_file& file, const run_directory& where);

}  // namespace lineshaft::cli
