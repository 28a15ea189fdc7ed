#pragma once
// /metrics: what is known of a manager at one moment, in Prometheus' text format.
#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "control/health.hpp"
#include "lineshaft/queue_status.hpp"
#include "lineshaft/status.hpp"

namespace lineshaft::control {

enum class metric_names {
  ours,
  predecessors_too,  ///< kuhl_haus_mdp_processor_… beside them
};

struct observed {
  service_identity who;
  std::string version;
  std::chrono::milliseconds uptime{};
  std::vector<known_worker> workers;
  std::vector<queue_status> queues;
  std::map<std::string, std::string> help;  ///< of declared metrics, by their names
};

/// Text format 0.0.4.
std::string metrics_text(const observed& what, metric_names names);

/// The name under which a metric that a worker class declares is exposed: lineshaft_app_NAME, letters, digits and
/// underscores alone, a counter with _total.
std::string exposed_name(std::string_view declared, const metric_value& value);

}  // namespace lineshaft::control
