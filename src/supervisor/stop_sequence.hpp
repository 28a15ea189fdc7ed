#pragma once
// The stop of many workers inside one budget: those that nobody needs any more first, each level side by side.
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "supervisor/worker_entry.hpp"

namespace lineshaft::supervisor {

/// Owns itself until it has answered. On the supervisor's thread alone.
class stop_sequence : public std::enable_shared_from_this<stop_sequence> {
 public:
  using find_worker = std::function<worker_entry*(const std::string& name)>;
  using on_stopped = std::function<void(std::vector<stop_outcome>)>;

  enum class each_has { the_time_of_its_level, its_own_time };

  /// Workers are looked up when it is their turn: they may be forgotten before.
  stop_sequence(kernel& world, find_worker find, std::vector<std::vector<std::string>> levels, stop_request request,
                on_stopped answered, each_has time = each_has::the_time_of_its_level);
  void begin() { next_level(); }

 private:
  void next_level();
  void level_stopped(std::size_t level);
  std::chrono::milliseconds longest(std::size_t level) const;
  policy::time_point deadline_of(std::size_t level) const;
  policy::time_point deadline_of(const worker_entry& worker, policy::time_point level) const;
  void stopped(std::size_t level, stop_outcome outcome);
  void gave_up(std::size_t level);

  kernel& world_;
  find_worker find_;
  std::vector<std::vector<std::string>> levels_;
  stop_request request_;
  on_stopped answered_;
  each_has time_;
  std::unique_ptr<alarm> patience_;
  std::size_t level_ = 0;
  std::vector<std::string> missing_;  ///< of the present level: not gone yet
  std::vector<stop_outcome> outcomes_;
};

}  // namespace lineshaft::supervisor
