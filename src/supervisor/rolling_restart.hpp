#pragma once
// The replicas of one worker replaced one by one, each ready before the next.
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "supervisor/worker_entry.hpp"

namespace lineshaft::supervisor {

/// Owns itself until it has answered. On the supervisor's thread alone.
class rolling_restart : public std::enable_shared_from_this<rolling_restart> {
 public:
  using find_worker = std::function<worker_entry*(const std::string& name)>;
  /// Says what the next process of a worker will be.
  using redefine_worker = std::function<void(worker_entry& worker, worker_definition as)>;
  using is_overruled = std::function<bool()>;
  using on_done = std::function<void(result<>)>;
  using definitions = std::map<std::string, worker_definition>;

  /// With `changed`, each replica becomes that under its own name; if one of them does not become ready, all go back to
  /// what they were, in the same way, and the answer comes after that.
  /// Once it is overruled, because everything is being stopped, none is replaced any more.
  rolling_restart(find_worker find, redefine_worker redefine, is_overruled overruled, std::vector<std::string> replicas,
                  std::optional<worker_definition> changed, definitions before, std::string by, on_done answered);
  void begin() { next(); }

 private:
  worker_entry* next_replica();
  void next();
  void started(const std::string& name, const result<pid_t>& outcome);
  void became_ready(const std::string& name, const result<>& ready);
  void roll_back(const error& why);
  void end();

  find_worker find_;
  redefine_worker redefine_;
  is_overruled overruled_;
  std::vector<std::string> replicas_;  ///< whose turn has not come, the next one last
  std::optional<worker_definition> changed_;
  std::string by_;
  on_done answered_;
  definitions before_;
  std::vector<std::string> replaced_;
  std::optional<error> failed_;          ///< on the way back, and why
  std::vector<std::string> still_down_;  ///< also as what they were
};

}  // namespace lineshaft::supervisor
