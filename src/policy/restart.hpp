#pragma once
// Whether and when a worker is started again. Pure: time and chance come from the caller.
#include <chrono>
#include <string>
#include <variant>
#include <vector>

#include "lineshaft/worker_spec.hpp"
#include "policy/moments.hpp"

namespace lineshaft::policy {

/// What is remembered of a worker's deaths.
struct restart_history {
  std::uint32_t in_a_row = 0;        ///< restarts since the worker was last healthy for long enough
  std::vector<time_point> restarts;  ///< those inside the limit's window
};

struct restart_after {
  std::chrono::milliseconds delay{};
  friend bool operator==(const restart_after&, const restart_after&) = default;
};
/// The policy does not start it again: that is how it is meant.
struct stay_down {
  friend bool operator==(const stay_down&, const stay_down&) = default;
};
/// The limit is reached: the worker has failed for good.
struct give_up {
  std::string reason;  ///< "5 restarts in 60 s"
  friend bool operator==(const give_up&, const give_up&) = default;
};
using verdict = std::variant<restart_after, stay_down, give_up>;

/// One death. `success`: how it ended; `healthy_for`: how long it had been ready; `chance` in [-1, 1]
/// chooses the place inside ± jitter.
struct death {
  bool success = false;
  std::chrono::milliseconds healthy_for{};
  double chance = 0;
};

/// Decides, and remembers the restart in `history` if there is to be one.
verdict judge(const restart_policy& policy, restart_history& history, const death& death, time_point now);

/// Whether one more would be too many. Forgets those outside the window.
bool limit_reached(const restart_limit& limit, std::vector<time_point>& restarts, time_point now);
/// "5 restarts in 60 s"
std::string to_text(const restart_limit& limit);

/// The delay before the restart number `in_a_row` (0 is the first), without jitter.
std::chrono::milliseconds backoff(const restart_policy& policy, std::uint32_t in_a_row);

/// `span` with ± `jitter` of it: `chance` in [-1, 1] chooses the place inside.
std::chrono::milliseconds spread(std::chrono::milliseconds span, double jitter, double chance);

}  // namespace lineshaft::policy
