#include "forkserver/search_path.hpp"

#include <algorithm>

namespace lineshaft::forkserver {

std::vector<std::string> search_path(std::string_view name, const std::vector<std::string>& environment) {
  if (name.contains('/') || name.empty()) return {std::string(name)};
  std::string_view path = "/bin:/usr/bin";
  for (const std::string_view entry : environment) {
    if (entry.starts_with("PATH=")) path = entry.substr(5);
  }
  std::vector<std::string> candidates;
  for (;;) {
    const auto end = path.find(':');
    const auto folder = path.substr(0, end);
    // An empty part of PATH is the working directory.
    candidates.push_back((folder.empty() ? "." : std::string(folder)) + "/" + std::string(name));
    if (end == std::string_view::npos) return candidates;
    path.remove_prefix(end + 1);
  }
}

}  // namespace lineshaft::forkserver
