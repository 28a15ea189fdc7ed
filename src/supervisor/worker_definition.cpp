#include "supervisor/worker_definition.hpp"

#include <unistd.h>

#include "supervisor/environment.hpp"

namespace lineshaft::supervisor {
namespace {

channel::launch_kind kind_of(const worker_definition& worker) {
  if (worker.is_program()) return channel::launch_kind::program;
  return worker.how.method == start_method::exec ? channel::launch_kind::exec : channel::launch_kind::clone;
}

}  // namespace

channel::launch_request launch_request_of(const worker_definition& worker, std::uint32_t generation) {
  channel::launch_request request;
  request.argv = worker.argv;
  request.settings = worker.settings;
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
  image.environment = worker_environment(inherited, worker.context, worker.name, generation, worker.how.env);
  return request;
}

}  // namespace lineshaft::supervisor
