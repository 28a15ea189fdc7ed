#pragma once
// What a manager takes from its files when it starts, and does not change while it runs. Pure.
#include <string>
#include <vector>

#include "config/pipeline_file.hpp"

namespace lineshaft::config {

/// The keys whose values differ: "control.tcp", "pipeline.log_dir".
std::vector<std::string> changed_fixed_settings(const pipeline_file& started, const pipeline_file& now);

}  // namespace lineshaft::config
