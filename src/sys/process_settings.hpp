#pragma once
// What a new process may use and who it is. One list of steps, taken between clone and user code: in a
// program before it is executed, in a clone before it becomes its worker.
#include <sys/types.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lineshaft/error.hpp"
#include "lineshaft/unique_fd.hpp"
#include "sys/limits.hpp"

namespace lineshaft::sys {

struct user_identity {
  std::string name;  ///< as it was asked for: "redis:redis"
  uid_t uid = 0;
  gid_t gid = 0;
  std::vector<gid_t> groups;  ///< all supplementary ones
};

struct process_settings {
  std::vector<limit> limits;
  std::optional<int> nice;
  std::vector<unsigned> cpus;
  std::optional<int> oom_score_adj;
  std::optional<user_identity> user;
  bool no_new_privs = false;
  std::optional<std::uint32_t> umask;
  std::string working_directory;  ///< empty: the same
  int control_group = -1;         ///< its cgroup.procs; -1: the parent's group
};

/// The steps, in this order: what takes privileges first, what the new user must be able to do after it.
enum class settings_step : std::uint8_t {
  control_group,  ///< before everything else: what it uses counts there
  oom_score_adj,  ///< before the limits, of which one may leave no descriptor to open its file with
  limits,
  nice,
  cpu_affinity,
  groups,
  gid,
  uid,
  capabilities,  ///< root has lost them by now; a manager that has them without being root has not
  umask,
  working_directory,
  no_new_privs,
  none,
};
inline constexpr std::size_t settings_steps = static_cast<std::size_t>(settings_step::none);

/// Where it ended, and with what errno; none of both: it went well. Crosses a pipe as it is.
struct settings_failure {
  settings_step step = settings_step::none;
  std::uint8_t index = 0;  ///< of a limit
  int code = 0;

  explicit operator bool() const { return code != 0; }
};

/// Made before the clone, taken after it. The settings have to live until then.
class settings_plan {
 public:
  explicit settings_plan(const process_settings& settings);

  bool empty() const { return empty_; }
  // Both async-signal-safe, allocate nothing: may run in memory that is shared with the parent.
  /// The first step, while the parent's descriptors are still there.
  settings_failure enter_control_group() const noexcept;
  /// The others.
  settings_failure apply() const noexcept;
  /// "cannot set RLIMIT_NOFILE to 10000: Operation not permitted"
  result<> outcome(const settings_failure& failure) const;

 private:
  settings_failure take(std::size_t first, std::size_t last) const noexcept;

  const process_settings& settings_;
  bool empty_ = true;
  std::array<int, settings_steps> injected_{};  ///< errno that a test wants from a step
};

/// How a clone, which has no exec to say that it went well, tells its parent.
class settings_report {
 public:
  static result<settings_report> make();
  /// In the child, once.
  void say(const settings_failure& failure) const noexcept;
  /// In the parent: waits for it. A child that died first is a failure of no step, with ECHILD.
  settings_failure hear();

 private:
  settings_report(unique_fd from, unique_fd to) : from_(std::move(from)), to_(std::move(to)) {}

  unique_fd from_, to_;
};

}  // namespace lineshaft::sys
