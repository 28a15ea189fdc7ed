#pragma once
// Looks at a living process when its health has to be looked at, and at no other time: nobody looks at one that is idle
// and healthy.
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "policy/health.hpp"
#include "supervisor/kernel.hpp"

namespace lineshaft::supervisor {

/// On the supervisor's thread alone; of one worker.
class health_watch {
 public:
  explicit health_watch(kernel& world) : world_(world), alarm_(world.make_alarm()) {}

  struct senses {
    std::function<policy::vital_signs()> look;
    std::function<std::vector<int>()> inputs;    ///< descriptors that can be read when messages wait for it
    std::function<void()> stop_changed;          ///< `stopped` says something else from now on
    std::function<void(policy::ailment)> found;  ///< may end the watch, or the process
  };
  /// The process is ready, for the first time.
  void begin(policy::health what, senses by);
  /// A program has said WATCHDOG=1.
  void beat();
  /// Something of the process has changed that nobody else tells of: it was stopped, or goes on, or has a queue more.
  void look_again();
  bool watching() const { return state_.has_value(); }
  /// By a signal or a debugger, as far as it is watched.
  bool stopped() const { return state_ && state_->stopped(); }
  void end();

 private:
  void wait();
  void input_came();

  kernel& world_;
  std::unique_ptr<alarm> alarm_;
  std::optional<policy::health> state_;
  senses by_;
  std::shared_ptr<void> input_;  ///< that is waited for
};

}  // namespace lineshaft::supervisor
