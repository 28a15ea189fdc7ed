#pragma once
// What the files of control groups mean, and what has to be written into them: cgroups(7), version 2. Pure.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lineshaft/cgroup_options.hpp"

namespace lineshaft::policy {

/// The folder of the group that a process is in, out of its /proc/PID/mountinfo and /proc/PID/cgroup. None if version 2
/// is not mounted, or the group lies outside of what is mounted.
std::optional<std::string> group_folder(std::string_view mountinfo, std::string_view cgroup);

/// One file of a group and what goes into it.
struct group_setting {
  std::string file, value;
  friend bool operator==(const group_setting&, const group_setting&) = default;
};
/// The limits of one worker. A tree that runs out of memory is killed whole: half a tree is of no use to anybody.
std::vector<group_setting> settings_of(const cgroup_options& wanted);
/// What the group above needs to hand out for that: "memory", "cpu".
std::vector<std::string> controllers_of(const cgroup_options& wanted);
/// Those of `wanted` that are not in a list as the kernel writes it.
std::vector<std::string> missing_in(std::string_view listed, const std::vector<std::string>& wanted);

/// Of cgroup.events: whether a process of it lives.
bool is_populated(std::string_view events);
/// Of memory.events: whether the kernel has killed one of it for want of memory.
bool out_of_memory(std::string_view events);

}  // namespace lineshaft::policy
