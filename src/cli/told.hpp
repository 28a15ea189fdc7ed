#pragma once
// What a manager tells of the past and goes on telling: its events, or what the workers print.
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cli/remote.hpp"
#include "cli/verb.hpp"

namespace lineshaft::cli {

struct history_choice {
  std::vector<std::string> workers;  ///< names, families, patterns; none: all
  bool follow = false;
  std::optional<std::chrono::milliseconds> since;  ///< how long ago; without: all that is kept
  std::optional<std::uint64_t> last;               ///< of what is kept, no more than so many
};

/// --follow, --since, --last
std::vector<option> history_options(history_choice& kept, const std::string& what);

struct history_source {
  std::string target;  ///< "/v1/events"
  std::string member;  ///< of its answer: "events"
  std::string older;   ///< where those are that are not kept any more
};

/// Hands over each of them, oldest first; a gap as {"event": "dropped", …}. Gives the exit code.
int read_history(const invocation& with, const history_source& from, const history_choice& chosen,
                 const std::function<void(const boost::json::object&)>& take);

}  // namespace lineshaft::cli
