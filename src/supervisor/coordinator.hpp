#pragma once
// What the workers of one manager mean to each other: who waits for whom, who stands and falls with whom.
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "lineshaft/pipeline.hpp"
#include "policy/dependencies.hpp"
#include "policy/group.hpp"
#include "supervisor/kernel.hpp"
#include "supervisor/worker_entry.hpp"

namespace lineshaft::supervisor {

/// On the supervisor's thread alone.
class coordinator {
 public:
  using on_essential_failure = std::function<void(std::string why)>;

  coordinator(kernel& world, on_essential_failure essential_failed)
      : world_(world), essential_failed_(std::move(essential_failed)) {}

  void set_groups(std::span<const group_spec> groups);
  /// Whether these, with these groups, could join those there are: names that are known, and no cycle.
  result<> check(std::span<const worker_definition> joining, std::span<const group_spec> groups = {}) const;
  /// The same for a pipeline with these groups, in which some are what is given, and others are not any more.
  result<> check_change(std::span<const group_spec> groups, std::span<const worker_definition> changed,
                        const std::set<std::string>& leaving) const;
  /// Members of groups stand in the order of these names from now on.
  void set_order(std::span<const std::string> families);
  void joined(worker_entry& worker);
  void left(worker_entry& worker);

  /// Those that nobody needs any more first.
  std::vector<std::vector<worker_entry*>> stop_levels() const;
  /// The processes of one worker: its replicas, or itself.
  std::vector<worker_entry*> family(const std::string& name) const;

  // As in `neighbours`.
  bool may_launch(worker_entry& worker);
  void changed();
  void will_restart(worker_entry& worker);
  void failed_for_good(worker_entry& worker);
  bool is_essential(const worker_entry& worker) const;

 private:
  struct group {
    group_spec spec;
    std::vector<worker_entry*> members;  ///< in the order of their declaration
    policy::group_restarts restarts;
  };

  bool dependencies_hold(const worker_entry& worker) const;
  bool group_allows(const worker_entry& worker) const;
  group* group_of(const worker_entry& worker);
  std::vector<worker_entry*> along_with(const group& of, const worker_entry& worker) const;
  void give_up(group& of, const std::string& why);
  void look_again();
  policy::dependency_graph graph() const;

  kernel& world_;
  on_essential_failure essential_failed_;
  std::map<std::string, std::vector<worker_entry*>, std::less<>> families_;
  std::map<std::string, group, std::less<>> groups_;
  /// Not by where they happen to lie in memory, so that a life can be lived again.
  struct by_name {
    bool operator()(const worker_entry* one, const worker_entry* other) const;
  };
  std::set<worker_entry*, by_name> waiting_;  ///< held until something changes
  bool will_look_ = false;
};

}  // namespace lineshaft::supervisor
