#pragma once
// Looks at a living process when its health has to be looked at, and at no other time.
#include <functional>
#include <memory>
#include <optional>

#include "policy/health.hpp"
#include "supervisor/kernel.hpp"

namespace lineshaft::supervisor {

/// On the supervisor's thread alone; of one worker.
class health_watch {
 public:
  explicit health_watch(kernel& world) : world_(world), alarm_(world.make_alarm()) {}

  /// The process is ready, for the first time. `found` may end the watch, or the process.
  void begin(policy::health what, std::function<policy::vital_signs()> look,
             std::function<void(policy::ailment)> found);
  /// A program has said WATCHDOG=1.
  void beat();
  void end();

 private:
  void set_alarm();
  void look_again();

  kernel& world_;
  std::unique_ptr<alarm> alarm_;
  std::optional<policy::health> state_;
  std::function<policy::vital_signs()> look_;
  std::function<void(policy::ailment)> found_;
};

}  // namespace lineshaft::supervisor
