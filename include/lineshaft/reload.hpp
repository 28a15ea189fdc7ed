#pragma once
// What a changed pipeline does to the workers of the running one.
#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace lineshaft {

enum class reload_step {
  stop,     ///< it is not in the pipeline any more, or fewer of it
  start,    ///< it is new, or more of it
  replace,  ///< its processes cannot take over what has changed: one after the other, each ready before the next
  adopt,    ///< its processes go on, under new policies
};

std::string_view to_string(reload_step);

struct reload_change {
  reload_step step;
  std::string worker;                  ///< as the pipeline names it
  std::vector<std::string> processes;  ///< the names of those concerned: itself, or replicas
  std::string why;                     ///< "options, env"
  friend bool operator==(const reload_change&, const reload_change&) = default;
};

/// In the order in which it is done: what stops first, so that what starts finds its ports free.
struct reload_plan {
  std::vector<reload_change> changes;
  std::vector<std::string> settings;  ///< of the pipeline and its groups, that hold at once: "pipeline.stop_timeout"
  std::vector<std::string> later;     ///< that the next manager takes over: "control.tcp", "pipeline.log_dir"
  friend bool operator==(const reload_plan&, const reload_plan&) = default;
};

/// {"changes": [{"step", "worker", "processes", "why"}], "settings": ["KEY"], "later": ["KEY"]}
boost::json::object to_json(const reload_plan&);

}  // namespace lineshaft
