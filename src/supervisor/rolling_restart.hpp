#pragma once
// The replicas of one worker replaced one by one, each ready before the next.
#include <functional>
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
  using on_done = std::function<void(result<>)>;

  /// With `changed`, each replica becomes that under its own name; if one of them does not become ready, all that
  /// were replaced go back to what they were.
  rolling_restart(find_worker find, std::vector<std::string> replicas, std::optional<worker_definition> changed,
                  std::string by, on_done answered);
  void begin() { next(); }

 private:
  worker_entry* next_replica();
  void next();
  void became_ready(result<> ready);
  void roll_back(error why);

  find_worker find_;
  std::vector<std::string> replicas_;
  std::optional<worker_definition> changed_;
  std::string by_;
  on_done answered_;
  std::size_t at_ = 0;
  std::vector<worker_definition> before_;  ///< of those that were replaced
};

}  // namespace lineshaft::supervisor
