#pragma once
// The running pipeline becomes another one: what goes first, then what changes, then what is new.
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "lineshaft/reload.hpp"
#include "supervisor/supervisor.hpp"

namespace lineshaft::supervisor {

struct change_request {
  reload_plan plan;
  std::vector<group_spec> groups;
  std::vector<std::string> order;                  ///< of all its workers
  std::map<std::string, pipeline_member> members;  ///< what the plan starts, replaces or gives new policies
  std::chrono::milliseconds stop_timeout{};
};

/// Which workers of the plan are what they were before, and why.
using not_replaced = std::map<std::string, error>;

/// Owns itself until it has answered. On the supervisor's thread alone.
class pipeline_change : public std::enable_shared_from_this<pipeline_change> {
 public:
  using on_done = std::function<void(not_replaced)>;

  pipeline_change(supervisor& core, change_request wanted, on_done answered);
  /// Whether all of it can be done, as far as that can be told before. It has changed nothing.
  result<> check() const;
  void begin();
  /// Everything is being stopped: answers at once, goes no step further, and what is not done is left as it was.
  void overrule();

 private:
  std::vector<const reload_change*> all(reload_step step) const;
  worker_definition definition_of(const std::string& family, const std::string& process) const;
  void adopt(const reload_change& change);
  void stop_those_that_go();
  void stopped();
  void start(const reload_change& change);
  void replace(const reload_change& change);
  bool overruled() const { return core_.stops_of_all_ != stops_before_; }
  void replaced(const std::string& family, const result<>& outcome);
  void done(const std::string& family);
  void tell(const reload_change& change);

  supervisor& core_;
  change_request wanted_;
  on_done answered_;
  std::uint64_t stops_before_ = 0;
  std::multiset<std::string> unfinished_;  ///< the workers of starts and replacements
  not_replaced failed_;
};

}  // namespace lineshaft::supervisor
