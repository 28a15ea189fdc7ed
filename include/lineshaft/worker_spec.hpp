#pragma once
// How a worker is started, watched, restarted and stopped: plain data, every default the safe choice.
#include <chrono>
#include <csignal>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lineshaft/cgroup_options.hpp"
#include "lineshaft/output_options.hpp"
#include "lineshaft/resource_limits.hpp"

namespace lineshaft {

enum class restart_mode {
  never,
  on_failure,  ///< not after success: stopped by a signal from outside, finished, a program's success code
  always,
};

/// At most `count` restarts within `window`; the next one is not made, and the worker has failed.
struct restart_limit {
  std::uint32_t count = 5;
  std::chrono::milliseconds window = std::chrono::seconds(60);
  friend bool operator==(const restart_limit&, const restart_limit&) = default;
};

/// When and how fast a worker is started again: after `delay`, then `factor` times longer each time
/// up to `max_delay`, spread by ± `jitter` of it. Healthy for `forgive_after`, it starts from `delay` again.
struct restart_policy {
  restart_mode mode = restart_mode::on_failure;
  std::chrono::milliseconds delay = std::chrono::milliseconds(500), max_delay = std::chrono::seconds(30);
  double factor = 2, jitter = 0.1;
  std::optional<restart_limit> limit;
  std::chrono::milliseconds forgive_after = std::chrono::seconds(30);
};

/// One step of a stop: a signal, and how long the process may take before the next one.
struct stop_rung {
  int signal = SIGTERM;
  std::chrono::milliseconds grace{};
  friend bool operator==(const stop_rung&, const stop_rung&) = default;
};

enum class worker_kind {
  service,  ///< runs until it is stopped
  task,     ///< runs until start() returns: that is its success
};

enum class start_method {
  fork_server,  ///< cloned from a small warm process (default)
  exec,         ///< the program executed again for this one worker
};

enum class ready_when {
  start,   ///< ready when start() has been entered
  notify,  ///< ready when the worker says context.ready(), a program READY=1 of sd_notify(3)
  probe,   ///< ready when, and as long as, `start_options::probe` answers
};

/// Ends a worker that is alive and does not do its work. Time in which others had the processor, or the process was
/// stopped (SIGSTOP, a debugger), does not count.
struct watchdog_options {
  /// Of a worker class, how long one handler may keep the event loop; seen at most half as much later. Of a program,
  /// how long it may be silent once it is ready: it finds WATCHDOG_USEC, and says WATCHDOG=1 (sd_watchdog_enabled(3)).
  /// 0: this is not watched.
  std::chrono::milliseconds timeout{};
  /// What the process gets then, after its stack has been written down; SIGKILL ends it in any case. Empty: it is
  /// only recorded, in an event and in the exit record.
  std::vector<stop_rung> ladder = {{SIGABRT, std::chrono::seconds(2)}};
  /// Of a worker class, how long messages may wait in a `local:` queue that it consumes without `processed` moving;
  /// seen at most a quarter later. 0: this is not watched.
  std::chrono::milliseconds progress{};
};

/// What has to be true of another worker before this one is launched, first and every time after.
enum class start_condition {
  started,    ///< it has a process, or has completed
  ready,      ///< it is ready, or has completed
  completed,  ///< it has ended with success
};

/// One worker that another waits for: by its name, or by the name of its replicas, of which all count.
struct dependency {
  std::string on;
  start_condition when = start_condition::ready;
};

/// Who is started again when a worker of the group is (Erlang's names): it alone, all of the group, or it and
/// those that are declared after it.
enum class group_strategy { one_for_one, one_for_all, rest_for_one };

struct start_options {
  restart_policy restart;
  std::chrono::milliseconds stop_timeout = std::chrono::seconds(10);   ///< for a stop that names no time, or a restart
  std::chrono::milliseconds start_timeout = std::chrono::seconds(30);  ///< to become ready; passing it is a failure
  worker_kind kind = worker_kind::service;
  start_method method = start_method::fork_server;
  ready_when ready = ready_when::start;
  /// Of `ready_when::probe`: "tcp:ADDRESS:PORT" accepts a connection, "http://ADDRESS:PORT/PATH" answers 2xx within 1
  /// s. ADDRESS is numeric, or localhost. Asked each second; three misses, and it is not ready any more.
  std::string probe;
  /// How the process is asked to leave: fitted into the time that a stop has, at the end of which the whole tree is
  /// killed whatever stands here. The last signal has the rest of the time. A worker class is asked by the manager
  /// in place of the first signal.
  std::vector<stop_rung> stop = {{SIGTERM, {}}};
  std::optional<watchdog_options> watchdog;
  std::vector<int> success_exit_codes = {0};  ///< of a program
  /// Listening sockets that the manager holds, so that no connection is lost while the worker is replaced: a name, and
  /// "ADDRESS:PORT" or "unix:PATH". A program finds them as sd_listen_fds(3) says, in the order of their names; a
  /// worker class gets one by `context.listen(name)`. At most 16.
  std::map<std::string, std::string> listen;
  std::map<std::string, std::string> env;  ///< on top of the manager's environment, and winning over it
  bool clear_env = false;         ///< nothing of the manager's environment, but what a worker is given and `env`
  std::string working_directory;  ///< empty: the manager's; relative: to the manager's at the start
  resource_limits limits;
  std::optional<cgroup_options> cgroup;  ///< a control group of its own, for everything that it starts, too
  /// "redis", "redis:redis", "1000:1000": that user's groups, too, and HOME, LOGNAME, SHELL and USER. Looked up when
  /// the worker is started, not again when it is restarted. The process has no capabilities then, unless it is root.
  std::string user;
  std::optional<int> nice;             ///< -20 to 19, whatever the manager's is
  std::vector<unsigned> cpu_affinity;  ///< the processors that it may run on; empty: the manager's
  std::optional<int> oom_score_adj;    ///< -1000 to 1000, proc_pid_oom_score_adj(5)
  bool no_new_privs = false;           ///< no program that it executes gains privileges by that
  std::optional<std::uint32_t> umask;
  output_options output;                                  ///< where its standard output and standard error go
  std::vector<dependency> after;                          ///< what has to be true before it is launched
  std::string group;                                      ///< of the pipeline; empty: none
  bool essential = false;                                 ///< its final failure stops the whole pipeline
  std::optional<std::chrono::milliseconds> max_lifetime;  ///< then it is replaced, ± 10 %
  /// Bytes in memory of its process, above which it is replaced, - 10 %; looked at every 5 s. 0: as much as it likes.
  std::uint64_t max_memory = 0;
};

}  // namespace lineshaft
