#pragma once
// How often a worker is asked whether it is ready, and what the answers mean. Pure.
#include <algorithm>
#include <chrono>
#include <optional>

namespace lineshaft::policy {

class probing {
 public:
  /// What changed with this answer: it is ready now, it is not any more, or nothing.
  std::optional<bool> take(bool answered) {
    pause_ = answered ? longest : std::min(pause_ * 2, longest);
    missed_ = answered ? 0 : missed_ + 1;
    const bool now = answered || (ready_ && missed_ < misses);
    if (now == ready_) return std::nullopt;
    ready_ = now;
    return now;
  }
  /// Until the next question: soon after the start of the process, less and less often then.
  std::chrono::milliseconds pause() const { return pause_; }

  static constexpr std::chrono::milliseconds first{20}, longest{1000};
  /// A ready worker that is busy may miss a question: this many one after the other, and it is not ready any more.
  static constexpr unsigned misses = 3;

 private:
  bool ready_ = false;
  unsigned missed_ = 0;
  std::chrono::milliseconds pause_ = first;
};

}  // namespace lineshaft::policy
