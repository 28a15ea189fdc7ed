#pragma once
// Files that workers write and tests read.
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace support {

/// A folder of its own for one test, gone with it.
class temporary_folder {
 public:
  temporary_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "lineshaft-test-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~temporary_folder() { std::filesystem::remove_all(path_); }
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;

  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  /// Writes a file and gives its path.
  std::string write(const std::string& name, std::string_view content) const {
    std::ofstream(*this / name, std::ios::binary) << content;
    return *this / name;
  }

 private:
  std::filesystem::path path_;
};

inline std::vector<std::string> lines_of(const std::string& file) {
  std::vector<std::string> lines;
  std::ifstream from(file);
  for (std::string line; std::getline(from, line);) lines.push_back(line);
  return lines;
}

/// Lines of the form "what=value".
inline std::map<std::string, std::string> facts_of(const std::string& file) {
  std::map<std::string, std::string> facts;
  for (const auto& line : lines_of(file)) facts[line.substr(0, line.find('='))] = line.substr(line.find('=') + 1);
  return facts;
}

}  // namespace support
