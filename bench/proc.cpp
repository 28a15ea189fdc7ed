#include "proc.hpp"

#include <filesystem>
#include <fstream>
#include <string>

namespace bench {
namespace {

std::string in_proc(pid_t pid, const char* file) { return "/proc/" + std::to_string(pid) + '/' + file; }

}  // namespace

std::size_t private_bytes(pid_t pid) {
  std::ifstream rollup(in_proc(pid, "smaps_rollup"));
  std::size_t total = 0;
  for (std::string word; rollup >> word;) {
    std::size_t value = 0;
    if ((word == "Private_Dirty:" || word == "Private_Clean:") && rollup >> value) total += value * 1024;
  }
  return total;
}

std::uint64_t wake_ups(pid_t pid) {
  std::uint64_t sum = 0;
  for (const auto& task : std::filesystem::directory_iterator(in_proc(pid, "task"))) {
    std::ifstream status(task.path() / "status");
    for (std::string line; std::getline(status, line);) {
      if (line.starts_with("voluntary_ctxt_switches:")) sum += std::stoull(line.substr(24));
    }
  }
  return sum;
}

std::vector<pid_t> children() {
  std::vector<pid_t> all;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::ifstream listed(task.path() / "children");
    for (pid_t pid = 0; listed >> pid;) all.push_back(pid);
  }
  return all;
}

std::vector<pid_t> children_named(const char* name) {
  auto all = children();
  std::erase_if(all, [name](pid_t pid) {
    std::string is;
    std::ifstream(in_proc(pid, "comm")) >> is;
    return is != name;
  });
  return all;
}

}  // namespace bench
