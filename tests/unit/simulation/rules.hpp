#pragma once
// What must hold in every life of every pipeline, looked at after every step.
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "lineshaft/event.hpp"
#include "simulation/simulated_kernel.hpp"
#include "supervisor/directory.hpp"
#include "supervisor/supervisor.hpp"

namespace simulation {

class rules {
 public:
  rules(const simulated_kernel& world, const supervisor::directory& directory) : world_(world), directory_(directory) {}

  /// Also as another one than before.
  void declared(const supervisor::pipeline_member& member);
  void declared(const group_spec& group) { groups_.emplace(group.name, group); }
  /// The pipeline becomes another one: of one family there may be processes of both.
  void reloaded() { reloaded_ = true; }
  /// The order of its members is not that of their declaration any more.
  void rearranged(const std::string& family);
  /// A command has touched this worker: what its policy does next is not told by its past alone.
  void commanded(const std::string& name);
  void commanded_all();
  /// Commanded, and restarts of it may come at any later time, too.
  void rolled(const std::string& name);
  void forgotten(const std::string& name) { past_.erase(name); }
  void launched(const channel::launch_request& request);
  /// Who hears an event and looks at the status finds what the event says.
  void told(const event& what);
  void look();
  void look_at_the_end();
  /// The last process of a name, if it ever had one.
  std::shared_ptr<truth> last_of(const std::string& name) const;
  bool anybody_beyond_reach() const;
  void broke(const std::string& what);

  std::vector<std::string> broken;

 private:
  /// What is known of one name, independently of the supervisor.
  struct history {
    std::optional<std::uint32_t> in_a_row = 0;  ///< unknown after a command
    std::vector<time_point> restarts;           ///< by the policy, since the last command
    bool commanded = true;                      ///< since its last process ended
    bool rolling = false;
    restart_counts counts;
  };
  struct launch {
    std::string name;
    time_point when;
    std::shared_ptr<truth> before;
  };

  const supervisor::pipeline_member* member_of(const std::string& name) const;
  void check_alone(const std::string& name);
  void check_dependencies(const supervisor::pipeline_member& member, const std::string& name);
  bool holds(const dependency& one) const;
  void check_signals(const truth& one);
  void check_restart(const launch& one);
  void check_delay(const start_options& how, history& past, const launch& one);
  void check_limit(const start_options& how, history& past, const launch& one);
  void check_group(const start_options& how, const launch& one);
  bool something_essential_failed() const;
  bool falls_with(const std::string& name, const group_spec& group, const launch& died) const;

  const simulated_kernel& world_;
  const supervisor::directory& directory_;
  std::map<std::string, supervisor::pipeline_member> families_;
  std::map<std::string, group_spec> groups_;
  std::set<std::string> rearranged_;  ///< groups
  bool reloaded_ = false;
  std::map<std::string, std::vector<start_options>> variants_;  ///< each that a family has ever been
  bool essential_failed_ = false;                               ///< at any time
  std::map<std::string, history> past_;
  std::vector<launch> fresh_;  ///< launched in this step
  std::map<pid_t, int> recorded_;
};

}  // namespace simulation
