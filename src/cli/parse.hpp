#pragma once
// A command line into one verb with its values. The only part that sees CLI11.
#include <string>
#include <vector>

#include "cli/verb.hpp"

namespace lineshaft::cli {

struct parsed {
  const verb* chosen = nullptr;  ///< none: nothing is left to do
  int exit_code = done;
};

/// Says what is wrong, or the help that was asked for, itself.
parsed parse(const std::string& program, const std::vector<verb>& verbs, const std::vector<option>& common, int argc,
             char** argv);

}  // namespace lineshaft::cli
