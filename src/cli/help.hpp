#pragma once
// What the command says of itself: help, man page, reference page and completions, from the tables of verbs.
#include <string>
#include <vector>

#include "cli/verb.hpp"

namespace lineshaft::cli {

/// The help of all verbs, and of one.
std::string help_of(const std::string& program, const std::vector<verb>& verbs, const std::vector<option>& common);
std::string help_of(const std::string& program, const verb& one, const std::vector<option>& common);

/// "lineshaft restart [OPTION…] NAME…"
std::string usage_of(const std::string& program, const verb& one);

/// docs/reference/command.md
std::string command_page(const std::vector<verb>& verbs, const std::vector<option>& common);
/// lineshaft.1, for man(1).
std::string man_page(const std::vector<verb>& verbs, const std::vector<option>& common);

}  // namespace lineshaft::cli
