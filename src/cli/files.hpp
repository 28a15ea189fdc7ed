#pragma once
// The pipeline files of a call: found, read, and their faults told.
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "cli/invocation.hpp"
#include "config/load.hpp"

namespace lineshaft::cli {

struct loaded_pipeline {
  config::pipeline_file file;
  std::vector<std::string> paths;  ///< of the files, absolute
  std::string folder;              ///< of the first one, where the manager runs
  std::string log_dir;             ///< of the manager, where the files do not say one
};

/// Or the exit code, after everything that is wrong has been said: on standard error, as JSON on standard output if
/// that was asked for.
std::expected<loaded_pipeline, int> load_pipeline(const invocation& with);

/// The same without a word: what was wrong is the value. Paths are absolute.
std::expected<config::pipeline_file, std::vector<config::fault>> read_pipeline(const invocation& with,
                                                                               const std::vector<std::string>& paths);

/// What a file says of where its pipeline runs, whatever else is wrong with it.
struct pipeline_place {
  std::string pipeline, run_dir, log_dir, folder;
};
/// Nothing if no file was named and none lies here. The error is why one that is there cannot say it.
std::expected<std::optional<pipeline_place>, std::string> whereabouts(const invocation& with);

}  // namespace lineshaft::cli
