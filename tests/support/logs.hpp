#pragma once
// A worker's log with all its old files, oldest first.
#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "support/files.hpp"
#include "support/zstd.hpp"

namespace support {

/// Whether every file that was rotated away is compressed: while one of them is, its lines stand in two files.
inline bool is_compressed(const std::string& folder, const std::string& worker) {
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    const auto name = file.path().filename().string();
    if (name.starts_with(worker + ".log.") && !name.ends_with(".zst")) return false;
  }
  return true;
}

inline std::vector<std::string> whole_log(const std::string& folder, const std::string& worker) {
  std::vector<std::string> all;
  const auto log = folder + "/" + worker + ".log";
  for (int number = 1000; number > 0; --number) {
    const auto old = log + "." + std::to_string(number);
    if (std::filesystem::exists(old)) std::ranges::move(lines_of(old), std::back_inserter(all));
    if (!std::filesystem::exists(old + ".zst")) continue;
    std::istringstream text(unzstd(old + ".zst"));
    for (std::string line; std::getline(text, line);) all.push_back(line);
  }
  std::ranges::move(lines_of(log), std::back_inserter(all));
  return all;
}

/// Without what stands before it.
inline std::string text_of(const std::string& line) {
  std::size_t at = 0;
  for (int space = 0; space < 3; ++space) at = line.find(' ', at) + 1;
  return line.substr(at);
}

}  // namespace support
