#pragma once
// Completions for shells. They know nothing of the verbs: they ask the program itself, by its hidden verb `complete`.
#include <string>

namespace lineshaft::cli {

/// `shell` is bash, zsh or fish.
std::string completion_script(const std::string& shell, const std::string& program);

}  // namespace lineshaft::cli
