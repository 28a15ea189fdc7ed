#pragma once
// Which signal a process that has to leave gets, and when: the declared rungs, fitted into the time that the
// stop has. Pure: the shell sends what is due, and wakes the ladder at `wake_at()`.
#include <optional>
#include <span>
#include <vector>

#include "lineshaft/error.hpp"
#include "lineshaft/worker_spec.hpp"
#include "policy/moments.hpp"

namespace lineshaft::policy {

struct timed_rung {
  int signal = 0;
  std::chrono::milliseconds after{};  ///< since the stop began
  friend bool operator==(const timed_rung&, const timed_rung&) = default;
};

/// The ladder inside a budget; the last rung is SIGKILL, always, and inside it. A ladder that is longer keeps its
/// proportions; one that does not end with SIGKILL leaves its last signal the rest of the time.
std::vector<timed_rung> fit(std::span<const stop_rung> ladder, std::chrono::milliseconds budget);

result<> check_ladder(std::span<const stop_rung> ladder);

/// The ladder of a watchdog, which has no budget from elsewhere: a signal without a time has this long, so that it can
/// do what it is sent for (SIGABRT: leave a core) before the next one.
inline constexpr std::chrono::milliseconds watchdog_grace = std::chrono::seconds(2);
std::vector<stop_rung> watchdog_ladder(std::span<const stop_rung> declared);

/// One stop.
class stop_ladder {
 public:
  explicit stop_ladder(std::vector<stop_rung> rungs = {}) : rungs_(std::move(rungs)) {}

  /// From the first rung; during a stop, what is left of it moves closer together if the deadline has.
  void begin(time_point now, time_point deadline);
  /// The process asks for time: no signal before then, but all of them before the deadline, which may be a later one
  /// now.
  void extend(time_point until, time_point deadline);
  void end() { due_.clear(); }

  /// The next signal, if it is time for it. SIGKILL is the last.
  std::optional<int> take_due(time_point now);
  std::optional<time_point> wake_at() const;
  /// When SIGKILL is due.
  std::optional<time_point> kills_at() const;

 private:
  struct due_rung {
    int signal = 0;
    time_point at;
  };

  std::vector<stop_rung> rungs_;
  std::vector<due_rung> due_;  ///< the next one first
  time_point deadline_{};
};

}  // namespace lineshaft::policy
