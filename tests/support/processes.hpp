#pragma once
// What the kernel says of this process and of others.
#include <signal.h>
#include <sys/types.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace support {

inline std::size_t open_descriptors(const std::string& process = "self") {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/" + process + "/fd")) ++count;
  return count;
}
inline std::size_t open_descriptors(pid_t process) { return open_descriptors(std::to_string(process)); }

/// Of that name, or all of them.
inline std::size_t mappings(std::string_view name = {}) {
  std::ifstream maps("/proc/self/maps");
  std::size_t count = 0;
  for (std::string line; std::getline(maps, line);)
    if (line.contains(name)) ++count;
  return count;
}

/// Heap and stack of a process, as its pages stand (proc_pid_status(5), VmData).
inline std::size_t data_bytes(pid_t process) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmData:")) return std::stoul(line.substr(7)) * 1024;
  return 0;
}

/// The state letter of a process (proc(5)): 'Z' for a zombie, 0 if there is none.
inline char state_of(pid_t pid) {
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  std::getline(stat, text);
  const auto end = text.rfind(')');
  return end == std::string::npos ? '\0' : text[end + 2];
}

/// How often the threads of a process have waited for something, but for its main thread if it is this process: that
/// is the one that asks.
inline std::uint64_t wake_ups(pid_t pid) {
  std::uint64_t all = 0;
  for (const auto& task : std::filesystem::directory_iterator("/proc/" + std::to_string(pid) + "/task")) {
    if (pid == ::getpid() && task.path().filename() == std::to_string(pid)) continue;
    std::ifstream status(task.path() / "status");
    for (std::string word; status >> word;) {
      std::uint64_t count = 0;
      if (word == "voluntary_ctxt_switches:" && status >> count) all += count;
    }
  }
  return all;
}

inline bool is_gone(pid_t pid) {
  const char state = state_of(pid);
  return state == 0 || state == 'Z';
}

/// Children of a process, zombies too.
inline std::vector<pid_t> children_of(const std::string& process) {
  std::vector<pid_t> all;
  for (const auto& task : std::filesystem::directory_iterator("/proc/" + process + "/task")) {
    std::ifstream list(task.path() / "children");
    for (pid_t pid = 0; list >> pid;) all.push_back(pid);
  }
  return all;
}

/// What a process calls itself (proc_pid_comm(5)).
inline std::string name_of(pid_t pid) {
  std::ifstream name("/proc/" + std::to_string(pid) + "/comm");
  std::string text;
  std::getline(name, text);
  return text;
}

/// The children of a process that wait to become workers of it.
inline std::vector<pid_t> spares_of(const std::string& process) {
  auto all = children_of(process);
  std::erase_if(all, [](pid_t pid) { return name_of(pid) != "lineshaft-spare" || state_of(pid) != 'S'; });
  return all;
}

/// Children of this process, but for its spares, which come and go: one that is only being made is in the group of the
/// fork server, and has its name.
inline std::size_t children() {
  auto all = children_of("self");
  std::erase_if(all, [](pid_t pid) {
    const auto name = name_of(pid);
    return name == "lineshaft-spare" || (name == "lineshaft-forks" && ::getpgid(pid) != pid);
  });
  return all.size();
}

/// What the kernel says of each child: proc_pid_stat(5), a line each.
inline std::string told_of_children() {
  std::string all;
  for (const pid_t pid : children_of("self")) {
    std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
    std::string line;
    std::getline(stat, line);
    all += line + '\n';
  }
  return all;
}

/// The fork server among the children of a process, 0 if there is none.
inline pid_t fork_server_of(const std::string& process) {
  for (const pid_t pid : children_of(process)) {
    if (name_of(pid) == "lineshaft-forks" && !is_gone(pid)) return pid;
  }
  return 0;
}

/// All spares of this process are made, and its fork server has let go of what they were made with.
inline bool fork_server_rests() { return spares_of("self").size() == 2 && state_of(fork_server_of("self")) == 'S'; }

}  // namespace support
