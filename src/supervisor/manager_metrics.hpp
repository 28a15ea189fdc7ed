#pragma once
// The metrics of a manager and of its workers, read when they are collected: on a thread of the SDK, which may outlive
// the manager. Counters of workers are read here and nowhere else, out of their status blocks, so that those of a dead
// worker are exported as well, and none is exported twice (decision 0093).
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "lineshaft/queue_status.hpp"
#include "supervisor/directory.hpp"

namespace lineshaft::supervisor {

/// What is read. From any thread.
struct metric_source {
  std::function<std::vector<directory::view>()> workers;
  std::function<std::vector<queue_status>()> queues;
  std::function<std::uint64_t()> events_dropped;
  std::function<std::optional<double>()> loop_lag;  ///< seconds
};

/// One manager. Never destroyed while something is exported.
class exported_manager {
 public:
  explicit exported_manager(metric_source live) : source_(std::move(live)) {}

  /// Keeps what there is to be read, and the manager is read no more.
  void freeze();

  std::vector<directory::view> workers() const;
  std::vector<queue_status> queues() const;
  std::uint64_t events_dropped() const;
  std::optional<double> loop_lag() const;

 private:
  mutable std::mutex mutex_;
  metric_source source_;
};

/// Exported from now on, until `forget_managers`.
std::shared_ptr<exported_manager> export_manager(metric_source source);
/// The metrics that worker classes have declared since this was last called. Not from within a collection, which it
/// would wait for, nor on a loop.
void export_declared_metrics();
/// After the end of telemetry: what was exported, and of whom.
void forget_managers();

}  // namespace lineshaft::supervisor
