#pragma once
// What may stand at the end of a command line that is being typed, from the tables of verbs.
#include <functional>
#include <string>
#include <vector>

#include "cli/verb.hpp"

namespace lineshaft::cli {

struct candidate {
  std::string word, doc;  ///< the doc may be empty
  friend bool operator==(const candidate&, const candidate&) = default;
};

struct candidates {
  std::vector<candidate> words;
  bool files = false;  ///< names of files, too
};

/// `typed`: the words after the program's name; the last one is where the cursor is, and may be empty. Common options
/// before it have taken their values when `workers` is called, if it is.
candidates candidates_for(const std::vector<verb>& verbs, const std::vector<option>& common,
                          const std::vector<std::string>& typed,
                          const std::function<std::vector<std::string>()>& workers);

}  // namespace lineshaft::cli
