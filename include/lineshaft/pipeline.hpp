#pragma once
// A pipeline: all workers of one manager, as plain data. The same as pipeline.toml.
#include <boost/json/object.hpp>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lineshaft/options.hpp"
#include "lineshaft/worker_spec.hpp"

namespace lineshaft {

/// Workers that stand and fall together.
struct group_spec {
  std::string name;
  group_strategy strategy = group_strategy::one_for_one;
  /// Restarts of all members together; beyond it the whole group has failed.
  std::optional<restart_limit> limit;
  bool essential = false;  ///< if it fails, the whole pipeline stops
};

/// One worker: a class with options, or a program.
struct worker_spec {
  std::string name;
  std::string class_name;  ///< empty: a program
  boost::json::object options;
  std::vector<std::string> command;  ///< argv of a program
  start_options how;
  /// As many processes, named NAME-0, NAME-1 and so on. Without: one, of the plain name.
  std::optional<std::uint32_t> replicas;
};

/// A worker of class W.
template <class W>
worker_spec worker_of(std::string name, typename W::options options = {}, start_options how = {}) {
  return {std::move(name), std::string(W::class_name), options_to_json(options), {}, std::move(how), {}};
}

/// A program as a worker.
inline worker_spec program_of(std::string name, std::vector<std::string> command, start_options how = {}) {
  return {std::move(name), {}, {}, std::move(command), std::move(how), {}};
}

struct pipeline_spec {
  std::string name = "pipeline";
  std::chrono::milliseconds stop_timeout = std::chrono::seconds(10);  ///< one budget for everything
  std::map<std::string, std::string> env;                             ///< of every worker; its own wins
  std::vector<group_spec> groups;
  std::vector<worker_spec> workers;  ///< their order is that of `rest_for_one`
};

/// The worst case of a stop of everything: when each worker's turn comes, and how long it may take from then.
struct planned_stop {
  std::string name;
  std::chrono::milliseconds begins{}, at_most{};
};
struct stop_plan {
  std::vector<planned_stop> workers;
  std::chrono::milliseconds total{};
};

/// How a pipeline stands, for those who wait for its end.
enum class pipeline_end {
  running,  ///< it has not ended
  ended,    ///< no worker has a process, or waits for one
  failed,   ///< something essential failed for good, and everything was stopped
};

/// The exit code for a pipeline that was stopped because an essential worker or group failed for good.
inline constexpr int essential_failed_exit_code = 10;

}  // namespace lineshaft
