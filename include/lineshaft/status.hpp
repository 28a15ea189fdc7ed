#pragma once
// What is known of a worker at one moment: a plain value, free of any process.
#include <sys/types.h>

#include <boost/json/object.hpp>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "lineshaft/output_status.hpp"

namespace lineshaft {

/// Where a worker is in its life.
enum class worker_state {
  stopped,    ///< no process: it stopped as asked, by the manager or by a signal from outside
  starting,   ///< a process, not ready yet
  running,    ///< ready
  stopping,   ///< asked to leave
  backoff,    ///< no process; the next one starts when the delay has passed
  completed,  ///< ended with success: a task, by finish(), or a program with exit code 0
  failed,     ///< ended without success, and is not started again
};

std::string_view to_string(worker_state);

/// Why a process was followed by another.
enum class restart_cause {
  crash,       ///< it ended without success
  completion,  ///< it ended with success, and the policy is `always`
  watchdog,    ///< it was alive and did not do its work
  asked,       ///< a command
  reload,      ///< its definition changed
  group,       ///< another worker of its group was started again
  recycle,     ///< it was too old, or used too much memory
};

std::string_view to_string(restart_cause);

/// Restarts counted apart by their cause.
struct restart_counts {
  std::uint64_t crash = 0, completion = 0, watchdog = 0, asked = 0, reload = 0, group = 0, recycle = 0;

  std::uint64_t& of(restart_cause cause);
  std::uint64_t total() const { return crash + completion + watchdog + asked + reload + group + recycle; }
  friend bool operator==(const restart_counts&, const restart_counts&) = default;
};

/// What the event loop of a worker was doing when it was looked at.
enum class loop_state {
  none,  ///< there is no loop yet, or no more, or this is a program
  idle,  ///< waiting for something to happen: however old the last beat, it answers at once
  busy,  ///< inside a handler since the last beat: a large age means that it is stuck
};

std::string_view to_string(loop_state);

/// A counter, a gauge or a flag.
using metric_value = std::variant<std::uint64_t, double, bool>;

/// The figures a worker wrote itself, as they stood at one moment.
struct worker_figures {
  std::uint64_t processed = 0, errors = 0, decoding_errors = 0, published = 0, processing_errors = 0, restarts = 0;
  bool mdq_connected = false, mdc_connected = false, running = false;
  std::map<std::string, metric_value> metrics;  ///< the declared ones
};

/// When a process came into a state, from the moment it was asked for.
struct state_moment {
  worker_state state = worker_state::starting;
  std::chrono::milliseconds after{};
};

/// What a process had recorded for OpenTelemetry and not delivered when it ended, however it did. A span is recorded
/// when it ends: one that was open is not among them.
struct undelivered_telemetry {
  std::uint64_t spans = 0, log_records = 0;
  std::uint64_t metric_exports = 0;  ///< that failed in a row, the last one among them
  bool none() const { return spans == 0 && log_records == 0 && metric_exports == 0; }
};

/// How one process ended: one a generation.
struct exit_record {
  std::uint32_t generation = 0;
  pid_t pid = 0;
  int code = 0;            ///< exit code, or -signal
  bool code_known = true;  ///< false if something else in this program reaped the process (decision 0005)
  bool core_dumped = false;
  bool out_of_memory = false;  ///< its control group had no more, and the kernel killed it (`cgroup_options`)
  bool success = false;        ///< stopped as asked, finished, or left with a code that counts as success
  /// Who made it leave: "none" if nobody did, "stop", "restart", "abandoned", "itself", "failed", "finished",
  /// "start_timeout", "watchdog".
  std::string cause;
  /// Whose wish that was, if it was somebody's, or who had the manager send the signal that ended it: "program" (a call
  /// in the manager's own), "shutdown" (of everything), "reload" (of the pipeline), "api user 1000 process 4711".
  std::string asked_by;
  std::string trace_id;  ///< of the context that it was started under; empty: none
  std::string reason;    ///< "exited 70: cannot connect …", "killed by SIGSEGV (core dumped)"
  std::string error;     ///< what the worker itself said of its failure, if it did
  /// Of its event loop, if the watchdog found it stuck: a line a frame, with the offset for addr2line(1). The program
  /// itself is called lineshaft-fork-server there, of which a worker is a copy.
  std::string stack;
  std::chrono::milliseconds lifetime{};
  std::chrono::microseconds user_time{}, system_time{};  ///< CPU time, getrusage(2)
  std::uint64_t max_resident_bytes = 0;
  std::vector<state_moment> states;
  std::uint64_t lost_messages = 0;  ///< taken from local queues and not done when it died
  undelivered_telemetry undelivered;
  worker_figures figures;  ///< the last ones it wrote
  std::vector<std::string>
      output;               ///< the last 50 lines that it printed, if they were captured; ill-formed UTF-8 replaced
  std::string status_text;  ///< the last one that it said, if it is a program
  std::vector<std::string> notes;        ///< what it said and was not believed
  std::vector<std::string> left_behind;  ///< of its tree: "4711 (name)", who cannot be killed and lives on
};

/// Everything about one worker.
struct worker_status {
  std::string name;
  bool alive = false;
  std::optional<pid_t> pid;
  std::uint64_t processed = 0, errors = 0, decoding_errors = 0, published = 0, processing_errors = 0, restarts = 0;
  bool mdq_connected = false, mdc_connected = false, running = false;
  worker_state state = worker_state::stopped;
  bool ready = false;
  std::uint32_t generation = 0;               ///< 0: unknown name
  std::uint64_t process_restarts = 0;         ///< processes that followed another: `restarts_by`, in all
  std::chrono::milliseconds uptime{}, age{};  ///< of the process; since the event loop last beat
  loop_state loop = loop_state::none;
  std::string error;  ///< why it is not running, if it is not; of one that is leaving, what it said of its failure
  std::optional<exit_record> last_exit;
  std::map<std::string, metric_value> metrics;
  restart_counts restarts_by;
  std::optional<std::chrono::milliseconds> next_start;  ///< in backoff: how long until the next process
  output_status output;
  std::string status_text;                  ///< what a program says of itself: STATUS= of sd_notify(3)
  bool reloading = false;                   ///< a program says so: RELOADING=1
  std::uint64_t refused_notifications = 0;  ///< at a program's NOTIFY_SOCKET: from strangers, or not to be read
};

/// The eleven keys of the predecessor in their order, then the rest. An unknown name is {"alive": false}.
boost::json::object to_json(const worker_status&);
boost::json::object to_json(const exit_record&);

}  // namespace lineshaft
