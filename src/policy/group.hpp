#pragma once
// Workers that stand and fall together, as Erlang's supervisors have it. Pure.
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lineshaft/worker_spec.hpp"
#include "policy/restart.hpp"

namespace lineshaft::policy {

/// Those of `members`, in the order of their declaration, that are started again along with `died`.
std::vector<std::string> restarted_along(group_strategy strategy, std::span<const std::string> members,
                                         const std::string& died);

/// How a member stands towards the others.
struct member_standing {
  bool leaving = false;  ///< on its way out, because another is started again
  bool waiting = false;  ///< in backoff
};

/// Whether the member at `which` may be launched as far as its group goes: first all that are started again along
/// with one have gone, and the one that died has waited for its delay.
bool may_launch(group_strategy strategy, std::span<const member_standing> members, std::size_t which);

/// Counts the restarts of all members together.
class group_restarts {
 public:
  explicit group_restarts(std::optional<restart_limit> limit) : limit_(limit) {}

  /// One member has to be started again. If that is one too many: why the group gives up.
  std::optional<std::string> one_more(time_point now);

 private:
  std::optional<restart_limit> limit_;
  std::vector<time_point> restarts_;
};

}  // namespace lineshaft::policy
