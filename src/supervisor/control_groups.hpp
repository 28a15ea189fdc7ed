#pragma once
// Control groups for the processes of workers, below the one that the manager is in:
// OWN/lineshaft-PID-N/NAME.GENERATION.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lineshaft/cgroup_options.hpp"
#include "lineshaft/unique_fd.hpp"
#include "sys/cgroup.hpp"

namespace lineshaft::supervisor {

/// The group of one process and everything that comes from it. Its folder goes with the object, if nobody is left.
class control_group {
 public:
  control_group(sys::cgroup_tree& tree, std::string folder) : tree_(tree), folder_(std::move(folder)) {}
  ~control_group();
  control_group(const control_group&) = delete;
  control_group& operator=(const control_group&) = delete;

  /// The last two parts of its folder, which no other group has.
  std::string_view name() const;
  /// For the process: who writes 0 into it is in the group.
  result<unique_fd> entry() { return tree_.open(folder_ + "/cgroup.procs"); }
  /// Who writes 1 into it kills everybody.
  result<unique_fd> killer() { return tree_.open(folder_ + "/cgroup.kill"); }
  /// Ready exceptionally (EPOLLPRI) when everybody has gone since.
  result<unique_fd> news() { return tree_.watch(folder_ + "/cgroup.events"); }
  void kill() { (void)tree_.write(folder_ + "/cgroup.kill", "1"); }
  bool populated() const;
  /// Since it exists.
  bool ran_out_of_memory() const;

 private:
  friend class control_groups;
  result<> limit(const cgroup_options& wanted);

  sys::cgroup_tree& tree_;
  std::string folder_;
};

/// On the supervisor's thread alone. Nothing is made before the first worker that wants a group.
class control_groups {
 public:
  explicit control_groups(sys::cgroup_tree& tree) : tree_(tree) {}
  /// Everything as it was before.
  ~control_groups();
  control_groups(const control_groups&) = delete;
  control_groups& operator=(const control_groups&) = delete;

  /// None where there can be no group, and no limit was asked for. A limit that cannot be kept is an error.
  result<std::unique_ptr<control_group>> make(const std::string& worker, std::uint32_t generation,
                                              const cgroup_options& wanted);

 private:
  result<> prepare();
  result<> prepare_first();
  void remove_those_of_the_dead();
  result<> hand_out(const std::vector<std::string>& controllers);
  result<> hand_down(const std::vector<std::string>& controllers);
  result<> step_aside();
  void step_back();
  void move_ours(const std::string& from, const std::string& to);

  sys::cgroup_tree& tree_;
  std::optional<result<>> prepared_;     ///< none: nobody has asked
  std::string own_;                      ///< the folder of the group that the manager was in
  std::string folder_;                   ///< that of this manager in it
  std::vector<std::string> handed_out_;  ///< controllers
  bool aside_ = false;                   ///< this process and those that came from it are in `folder_`/manager
};

}  // namespace lineshaft::supervisor
