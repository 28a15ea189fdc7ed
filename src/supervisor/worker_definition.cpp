#include "supervisor/worker_definition.hpp"

#include <unistd.h>

#include "policy/moments.hpp"
#include "supervisor/environment.hpp"
#include "telemetry/identity.hpp"

namespace lineshaft::supervisor {
namespace {

channel::launch_kind kind_of(const worker_definition& worker) {
  if (worker.is_program()) return channel::launch_kind::program;
  return worker.how.method == start_method::exec ? channel::launch_kind::exec : channel::launch_kind::clone;
}

// sd_listen_fds(3). LISTEN_PID is written where the pid is known.
void describe_sockets(const std::map<std::string, std::string>& sockets, std::vector<std::string>& environment) {
  if (sockets.empty()) return;
  std::string names;
  for (const auto& [name, endpoint] : sockets) names += (names.empty() ? "" : ":") + name;
  set_variable(environment, "LISTEN_FDS", std::to_string(sockets.size()));
  set_variable(environment, "LISTEN_FDNAMES", names);
}

}  // namespace

channel::launch_request launch_request_of(const worker_definition& worker, std::uint32_t generation,
                                          const trace_context& started_under) {
  channel::launch_request request;
  request.argv = worker.argv;
  request.settings = worker.settings;
  request.cgroup = worker.how.cgroup;
  request.kind = kind_of(worker);
  auto& image = request.image;
  image.class_name = worker.class_name;
  image.name = worker.name;
  image.generation = generation;
  image.options = worker.options;
  image.kind = worker.how.kind;
  image.ready = worker.how.ready;
  image.stop_timeout = worker.how.stop_timeout;
  if (worker.how.watchdog) image.watchdog = worker.how.watchdog->timeout;
  image.manager = ::getpid();
  // The definitions of simulated workers inherit nothing.
  const auto inherited = worker.inherited_environment ? *worker.inherited_environment : std::vector<std::string>();
  image.environment = worker_environment(inherited, started_under, worker.name, generation, worker.how.env);
  telemetry::write_identity(image.environment, worker.pipeline, worker.name, generation, telemetry::fresh_digits());
  if (worker.is_program()) describe_sockets(worker.how.listen, image.environment);
  if (worker.is_program() && image.watchdog > std::chrono::milliseconds(0)) {
    const auto span = std::chrono::microseconds(std::min(image.watchdog, policy::longest_span));
    set_variable(image.environment, "WATCHDOG_USEC", std::to_string(span.count()));
  }
  return request;
}

}  // namespace lineshaft::supervisor
