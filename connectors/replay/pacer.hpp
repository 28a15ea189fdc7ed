#pragma once
// When an event of a recording is due.
#include <chrono>
#include <optional>

namespace lineshaft::replay {

class pacer {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  /// `speed` 0: everything is due at once.
  explicit pacer(double speed) : speed_(speed) {}

  /// When the event of time `event` is due; at once if it has none (0). The first one is due `now`, and gives the
  /// others their measure.
  time_point due(std::chrono::milliseconds event, time_point now);
  /// The recording begins again: so does the measure.
  void restart() { origin_.reset(); }

 private:
  struct origin {
    std::chrono::milliseconds event;
    time_point time;
  };
  double speed_;
  std::optional<origin> origin_;
};

}  // namespace lineshaft::replay
