#pragma once
// What a worker is: its name, its class or program, and its policies.
#include <optional>
#include <string>
#include <vector>

#include "channel/launch_messages.hpp"
#include "lineshaft/trace_context.hpp"
#include "lineshaft/worker_spec.hpp"
#include "policy/probe_target.hpp"
#include "supervisor/environment.hpp"
#include "sys/process_settings.hpp"

namespace lineshaft::supervisor {

struct worker_definition {
  std::string name;
  std::string family;             ///< the name without the number of a replica: what others wait for
  std::string pipeline;           ///< what its telemetry calls the service, unless the environment does
  std::string class_name;         ///< empty: a program
  std::string options;            ///< JSON
  std::vector<std::string> argv;  ///< of a program
  start_options how;
  shared_environment inherited_environment;
  std::optional<policy::probe_target> probe;
  trace_context context;
  sys::process_settings settings;

  bool is_program() const { return class_name.empty(); }
};

/// What the fork server is asked for.
channel::launch_request launch_request_of(const worker_definition& worker, std::uint32_t generation,
                                          const trace_context& started_under);

}  // namespace lineshaft::supervisor
