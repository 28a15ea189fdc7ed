#pragma once
// What the manager's own telemetry says of one worker: a span for each start and each stop, a log record and counts for
// each exit. On the supervisor's thread. Costs next to nothing where nothing is exported.
#include <chrono>
#include <optional>
#include <string>

#include "lineshaft/error.hpp"
#include "lineshaft/span.hpp"
#include "lineshaft/status.hpp"

namespace lineshaft::supervisor {

class worker_trace {
 public:
  explicit worker_trace(std::string name) : name_(std::move(name)) {}

  /// Begins `start NAME`, a link to the generation before on it. Gives the context that the process is to be started
  /// under.
  trace_context launching(const trace_context& caller, std::uint32_t generation, const restart_counts& restarts);
  void ready();
  void not_launched(const error& why);
  /// Begins `stop NAME`.
  void asked_to_leave(std::string_view cause);
  /// Of the way from the request to the end.
  void shutdown_sent();
  void signal_sent(int signal);
  /// `restarts`: so far. `backoff`: how long until the next process, if there will be one.
  void exited(const exit_record& record, bool killed, std::uint64_t restarts,
              std::optional<std::chrono::milliseconds> backoff);

 private:
  void count_restarts(restart_counts now);

  std::string name_;
  std::optional<span> start_, stop_;
  trace_context started_;  ///< by the last `start NAME`
  restart_counts counted_;
};

}  // namespace lineshaft::supervisor
