#pragma once
// What the manager's own telemetry says of one worker: a span for each start and each stop, a log record, counts and
// durations. On the supervisor's thread. Costs next to nothing where nothing is exported.
#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>

#include "lineshaft/error.hpp"
#include "lineshaft/span.hpp"
#include "lineshaft/status.hpp"
#include "telemetry/instruments.hpp"

namespace lineshaft::supervisor {

class worker_trace {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  explicit worker_trace(std::string name) : name_(std::move(name)) {}

  /// Begins `start NAME`, a link to the generation before on it. Gives the context that the process is to be started
  /// under.
  trace_context launching(const trace_context& caller, std::uint32_t generation, const restart_counts& restarts,
                          time_point now);
  /// There is a process: `worker start` begins, until it is ready. By the manager, not by the worker: so there is one
  /// of a process that dies on the way as well, and none has an SDK for its sake (decision 0096).
  void launched(pid_t pid, time_point now);
  void ready(time_point now);
  void not_launched(const error& why);
  /// Begins `stop NAME`.
  void asked_to_leave(std::string_view cause, time_point now);
  /// Of the way from the request to the end.
  void shutdown_sent();
  void signal_sent(int signal);

  struct ending {
    time_point now;
    bool killed = false;
    std::uint64_t restarts = 0;                        ///< so far
    std::optional<std::chrono::milliseconds> backoff;  ///< how long until the next process, if there will be one
  };
  void exited(const exit_record& record, const ending& how);

 private:
  void measure(const telemetry::instrument& what, std::optional<time_point> since, time_point now) const;
  void count_restarts(restart_counts now);

  std::string name_;
  attribute_map process_;  ///< which it is
  std::optional<span> start_, inside_, stop_;
  trace_context started_;  ///< by the last `start NAME`
  restart_counts counted_;
  std::optional<time_point> launching_, leaving_;  ///< since when; nothing: that is over
};

}  // namespace lineshaft::supervisor
