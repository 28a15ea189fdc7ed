#pragma once
// Completions for shells, from the tables of verbs.
#include <string>
#include <vector>

#include "cli/verb.hpp"

namespace lineshaft::cli {

/// `shell` is bash, zsh or fish.
std::string completion_script(const std::string& shell, const std::string& program, const std::vector<verb>& verbs,
                              const std::vector<option>& common);

}  // namespace lineshaft::cli
