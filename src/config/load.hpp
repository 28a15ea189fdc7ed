#pragma once
// Pipeline files into one checked pipeline, or everything that is wrong with them.
#include <expected>
#include <span>
#include <string>
#include <vector>

#include "config/fault.hpp"
#include "config/pipeline_file.hpp"
#include "config/variables.hpp"
#include "lineshaft/worker_class.hpp"

namespace lineshaft::config {

/// One file: its name, as errors say it, and what is in it.
struct source {
  std::string name;
  std::string text;
};

struct load_options {
  std::vector<std::string> profiles;      ///< that are asked for
  std::span<const worker_class> classes;  ///< of this program
  variable_lookup variable;               ///< the environment
};

/// Merged in order: what a later file says wins.
std::expected<pipeline_file, std::vector<fault>> load(std::span<const source> files, const load_options& options);

}  // namespace lineshaft::config
