#pragma once
// The metrics of every worker and of the manager, with their names, kinds and meanings: the one table from which
// /metrics and its reference are made.
#include <optional>
#include <span>
#include <string_view>

#include "lineshaft/queue_status.hpp"
#include "lineshaft/status.hpp"

namespace lineshaft::control {

enum class metric_kind {
  counter,
  gauge,
  untyped,  ///< as the predecessor's exporter gave it
};

/// One series for each thing that it is about: a worker, a queue. None where there is no value.
template <class Subject>
struct metric {
  std::string_view name;
  metric_kind kind;
  std::string_view help;
  std::optional<double> (*value)(const Subject&);
};

std::span<const metric<worker_status>> worker_metrics_table();
std::span<const metric<queue_status>> queue_metrics_table();
/// kuhl_haus_mdp_processor_…, with the label worker_id.
std::span<const metric<worker_status>> predecessor_metrics_table();

}  // namespace lineshaft::control
