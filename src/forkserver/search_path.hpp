#pragma once
// Which files a program's name may mean: execvp(3).
#include <string>
#include <string_view>
#include <vector>

namespace lineshaft::forkserver {

/// A name with a slash means itself. Any other is looked up in the PATH of `environment` (NAME=value),
/// or where that has none, in the system's default.
std::vector<std::string> search_path(std::string_view name, const std::vector<std::string>& environment);

}  // namespace lineshaft::forkserver
