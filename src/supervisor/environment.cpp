#include "supervisor/environment.hpp"

#include <unistd.h>

#include <cerrno>
#include <mutex>

#include "telemetry/environment.hpp"

namespace lineshaft::supervisor {

void set_variable(std::vector<std::string>& environment, const std::string& name, const std::string& value) {
  telemetry::erase_variable(environment, name);
  environment.push_back(name + "=" + value);
}

std::vector<std::string> inherited_environment() {
  std::vector<std::string> all;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) all.emplace_back(*entry);
  return all;
}

std::string program_name() { return ::program_invocation_short_name; }

shared_environment share(std::vector<std::string> environment) {
  static std::mutex mutex;
  static std::weak_ptr<const std::vector<std::string>> last;
  const std::scoped_lock lock(mutex);
  if (auto known = last.lock(); known && *known == environment) return known;
  auto made = std::make_shared<const std::vector<std::string>>(std::move(environment));
  last = made;
  return made;
}

std::vector<std::string> worker_environment(std::vector<std::string> inherited, const trace_context& context,
                                            const std::string& name, std::uint32_t generation,
                                            const std::map<std::string, std::string>& extra) {
  auto environment = std::move(inherited);
  telemetry::write_environment(context, environment);
  // Those of the manager's own supervisor: a worker that used them would speak for the manager.
  for (const char* own :
       {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"})
    telemetry::erase_variable(environment, own);
  set_variable(environment, "LINESHAFT_WORKER", name);
  set_variable(environment, "LINESHAFT_GENERATION", std::to_string(generation));
  for (const auto& [key, value] : extra) set_variable(environment, key, value);
  return environment;
}

}  // namespace lineshaft::supervisor
