#include "policy/control_group.hpp"

#include <algorithm>
#include <cmath>
#include <format>
#include <ranges>

namespace lineshaft::policy {
namespace {

constexpr int period_microseconds = 100'000;  // the kernel's own

std::vector<std::string_view> parts_of(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (const auto part : std::views::split(text, separator)) {
    if (!part.empty()) parts.emplace_back(part.begin(), part.end());
  }
  return parts;
}

// "KEY VALUE" lines.
bool counts_any(std::string_view lines, std::string_view key) {
  return std::ranges::any_of(parts_of(lines, '\n'), [&](std::string_view line) {
    const auto words = parts_of(line, ' ');
    return words.size() == 2 && words[0] == key && words[1] != "0";
  });
}

// proc_pid_cgroup: the one hierarchy of version 2 has the number 0 and no names.
std::optional<std::string_view> place_in_hierarchy(std::string_view cgroup) {
  constexpr std::string_view prefix = "0::";
  for (const auto line : parts_of(cgroup, '\n')) {
    if (line.starts_with(prefix)) return line.substr(prefix.size());
  }
  return std::nullopt;
}

struct mount {
  std::string_view root, point;
};

// proc_pid_mountinfo(5): ID PARENT DEVICE ROOT POINT OPTIONS [TAGS…] - TYPE SOURCE OPTIONS
std::optional<mount> mount_of_version_2(std::string_view mountinfo) {
  for (const auto line : parts_of(mountinfo, '\n')) {
    const auto words = parts_of(line, ' ');
    const auto dash = std::ranges::find(words, "-");
    if (words.end() - dash >= 2 && dash[1] == "cgroup2" && dash - words.begin() >= 6) return mount{words[3], words[4]};
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> group_folder(std::string_view mountinfo, std::string_view cgroup) {
  auto place = place_in_hierarchy(cgroup);
  const auto mounted = mount_of_version_2(mountinfo);
  if (!place || !mounted) return std::nullopt;
  if (mounted->root != "/") {
    if (!place->starts_with(mounted->root)) return std::nullopt;
    place->remove_prefix(mounted->root.size());
  }
  // A group that was moved out of this namespace is shown as "/../…".
  if (place->starts_with("/..")) return std::nullopt;
  return std::string(mounted->point) + (*place == "/" ? "" : std::string(*place));
}

std::vector<group_setting> settings_of(const cgroup_options& wanted) {
  std::vector<group_setting> all;
  if (wanted.memory_max > 0) {
    all.push_back({"memory.max", std::to_string(wanted.memory_max)});
    all.push_back({"memory.oom.group", "1"});
  }
  if (wanted.cpu_max > 0) {
    const auto quota = std::llround(wanted.cpu_max * period_microseconds);
    all.push_back({"cpu.max", std::format("{} {}", quota, period_microseconds)});
  }
  return all;
}

std::vector<std::string> controllers_of(const cgroup_options& wanted) {
  std::vector<std::string> all;
  if (wanted.memory_max > 0) all.emplace_back("memory");
  if (wanted.cpu_max > 0) all.emplace_back("cpu");
  return all;
}

std::vector<std::string> missing_in(std::string_view listed, const std::vector<std::string>& wanted) {
  const auto line = listed.substr(0, listed.find('\n'));
  std::vector<std::string> missing;
  std::ranges::copy_if(wanted, std::back_inserter(missing),
                       [&](const std::string& one) { return !std::ranges::contains(parts_of(line, ' '), one); });
  return missing;
}

bool is_populated(std::string_view events) { return counts_any(events, "populated"); }

bool out_of_memory(std::string_view events) { return counts_any(events, "oom_kill"); }

}  // namespace lineshaft::policy
