#pragma once
// What is wrong with the variables of telemetry that a worker has of its own, in `env`: of those that it inherits its
// manager has told already, and the worker itself tells nothing.
#include <map>
#include <string>
#include <vector>

namespace lineshaft::supervisor {

struct variables_of_worker {
  const std::string& worker;
  const std::vector<std::string>& inherited;
  const std::map<std::string, std::string>& own;
};

/// A line for each, by the variable's name, without its value. None where OTEL_LOG_LEVEL, as the worker has it, wants
/// none.
std::map<std::string, std::string> complaints_about(const variables_of_worker& all);

/// Logs them, each once in the life of this process, however many workers have the same variable with the same value.
/// From any thread.
void warn_of_own_variables(const variables_of_worker& all);

}  // namespace lineshaft::supervisor
