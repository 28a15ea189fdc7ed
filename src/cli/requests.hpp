#pragma once
// What several verbs ask a manager for: the same of each worker that is meant. All are tried; each that could not be
// done is said. They give the exit code.
#include <boost/json/object.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cli/remote.hpp"

namespace lineshaft::cli {

struct request {
  std::string action;  ///< of POST /v1/workers/NAME/…
  boost::json::object body;
  std::function<std::string(const boost::json::object&)> shown;  ///< the answer, for people
  std::optional<std::chrono::milliseconds> within = {};          ///< for all of them together
  families with = families::process_by_process;
};

/// One after the other: the next one begins when the one before it is done.
int ask_each(const invocation& with, const std::vector<std::string>& wanted, const request& asked);
/// Side by side: one may wait for another.
int ask_at_once(const invocation& with, const std::vector<std::string>& wanted, const request& asked);

/// In the order of their dependencies; without a budget each has its own stop_timeout.
int stop_together(const invocation& with, const std::vector<std::string>& wanted,
                  std::optional<std::chrono::milliseconds> within);

}  // namespace lineshaft::cli
