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
  std::optional<std::chrono::milliseconds> since;  ///< how long ago
  std::optional<std::uint64_t> last;               ///< no more than so many
};

/// --follow, --since, --last
/// `all`: which ones come without --since.
std::vector<option> history_options(history_choice& kept, const std::string& what, const std::string& all);

using take_one = std::function<void(const boost::json::object&)>;

/// `GET /v1/events`: hands over each of them, oldest first; a gap as {"event": "dropped", …}. Gives the exit code.
int read_events(const invocation& with, const history_choice& chosen, const take_one& take);

/// "&workers=…": these workers as the manager's filter takes them.
std::string filter_of(const std::vector<std::string>& wanted, const std::vector<family_member>& known);

/// Hands over each of those that come, until the manager ends.
int go_on(const invocation& with, remote& manager, const std::string& target, const take_one& take);

/// To standard error, or as {"event": "dropped", …} where JSON is wanted.
void say_incomplete(const invocation& with, const std::string& what);

}  // namespace lineshaft::cli
