#pragma once
// The manager: starts, watches, restarts and stops workers, each in a process of its own.
#include <sys/types.h>

#include <boost/json/object.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lineshaft/event.hpp"
#include "lineshaft/host.hpp"
#include "lineshaft/manager_options.hpp"
#include "lineshaft/pipeline.hpp"
#include "lineshaft/queue_status.hpp"
#include "lineshaft/reload.hpp"
#include "lineshaft/status.hpp"
#include "lineshaft/worker_spec.hpp"

namespace lineshaft {

namespace control {
class commands;
}

/// How a stop went, for one worker.
struct stop_outcome {
  std::string name;
  enum {
    not_running,  ///< there was nothing to stop
    clean,        ///< it left by itself
    killed,       ///< it was still there at the deadline
  } how = not_running;
  std::chrono::milliseconds took{};
  std::optional<exit_record> exit;  ///< none if there was nothing to stop
};

/// A subscriber to the events of a manager. Its destruction hands over what is still in its buffer, and ends it;
/// it must not happen inside the callback.
class subscription {
 public:
  subscription(subscription&&) noexcept;
  subscription& operator=(subscription&&) noexcept;
  ~subscription();

 private:
  friend class process_manager;
  class implementation;
  explicit subscription(std::unique_ptr<implementation> made);
  std::unique_ptr<implementation> implementation_;
};

/// Synchronous, callable from any thread of a program full of threads. The supervisor inside runs on
/// a thread of its own; this process never forks. Every wait has a deadline.
class process_manager {
 public:
  explicit process_manager(host& host, manager_options options = {});
  /// stop_pipeline(); never leaves an orphan.
  ~process_manager();
  process_manager(const process_manager&) = delete;
  process_manager& operator=(const process_manager&) = delete;

  /// Starts a worker of class W under a name that is not in use, under the caller's current OpenTelemetry
  /// context. Returns its pid once the process exists, or why it does not: then nothing is left behind.
  template <class W>
  result<pid_t> start_worker(std::string name, typename W::options options = {}, start_options how = {}) {
    return start_worker(W::class_name, std::move(name), options_to_json(options), std::move(how));
  }
  /// The same by the name of the class, with options as JSON.
  result<pid_t> start_worker(std::string_view class_name, std::string name, boost::json::object options = {},
                             start_options how = {});
  /// Starts any program; `argv[0]` is looked up in PATH if it has no slash. It is asked to leave by SIGTERM.
  result<pid_t> start_command(std::string name, std::vector<std::string> argv, start_options how = {});

  /// Waits until the worker is ready. A worker that fails first, or does not become ready in time, is
  /// an error that says why.
  result<> wait_ready(std::string_view name, std::chrono::milliseconds timeout = std::chrono::seconds(30));

  /// Starts all workers of a pipeline, side by side as far as they do not wait for each other. Returns when it is
  /// accepted: nothing is started if a name, an option, a dependency or a group is wrong.
  result<> start_pipeline(pipeline_spec spec);
  /// Waits until no worker has a process or waits for one, or something essential has failed for good and
  /// everything was stopped. `running` if that does not happen in time.
  pipeline_end wait_end(std::chrono::milliseconds timeout);

  /// Asks the worker to leave, and kills its whole tree at the deadline. An unknown name is nothing to do.
  stop_outcome stop_process(std::string_view name, std::chrono::milliseconds timeout = std::chrono::seconds(10));
  /// All of them under one deadline: those that nobody waits for first, each level side by side. Answers by name.
  std::vector<stop_outcome> stop_all(std::chrono::milliseconds timeout = std::chrono::seconds(10));
  /// The same in the pipeline's stop_timeout, or where none was started in the worst case of plan_stop(). Of two stops
  /// at once the earlier deadline holds.
  std::vector<stop_outcome> stop_pipeline();
  /// When each worker's turn comes in a stop of everything, and the worst case, by their own stop timeouts.
  stop_plan plan_stop() const;
  /// Changes the number of processes of a worker of the pipeline that has replicas: NAME-0 … NAME-(N-1). Returns
  /// when the new ones exist, or the ones that are too many have gone.
  result<> scale(std::string_view name, std::uint32_t replicas);
  /// Restarts the processes of a worker one by one, each ready before the next. With `changed` they become that;
  /// if one of them does not become ready, all go back to what they were.
  result<> restart_rolling(std::string_view name, std::optional<worker_spec> changed = {});

  /// Makes the pipeline that runs this one, and returns when that is done. Only what changed moves: what is gone is
  /// stopped, then what is new is started, and what is another one is replaced, one process after the other, each
  /// ready before the next. Nothing changes where anything of it is wrong. A worker whose replacement does not become
  /// ready is what it was before, which is an error; the others are not. A stop of everything overrules it: one that is
  /// under way returns at once, one that comes meanwhile changes nothing, and both are errors.
  result<reload_plan> reload(pipeline_spec changed);
  /// What that would do.
  result<reload_plan> plan_reload(pipeline_spec changed) const;

  /// Starts a worker that is down again, as it was defined, and returns its pid; of one that runs, that pid.
  result<pid_t> start_process(std::string_view name);
  /// Sends a signal to the process of a worker, and to no other: through its pidfd, pidfd_send_signal(2).
  result<> signal_process(std::string_view name, int signal);
  /// Stops the worker if it runs, and starts it again: the next generation's pid. A later stop overrules it.
  result<pid_t> restart_worker(std::string_view name);

  /// Never disturbs the worker or waits for it, makes no system call for it. Unknown name: alive = false.
  worker_status get_status(std::string_view name) const;
  std::vector<worker_status> get_all_status() const;
  /// How its processes ended: the last 16 generations, oldest first.
  std::vector<exit_record> exit_records(std::string_view name) const;
  /// The queues that this manager holds, with their accounts.
  std::vector<queue_status> get_queues() const;
  /// Everything that happens from now on, in order, on a thread of the subscription's own. A callback that is too
  /// slow for `capacity` events misses some, and is told how many; it never slows the supervisor.
  subscription subscribe(std::function<void(const event&)> take, std::size_t capacity = 1024);
  /// Tells the supervisor of this program itself (systemd, or whoever has set NOTIFY_SOCKET for it) that it is up:
  /// READY=1 of sd_notify(3). It hears of the workers' states, of the end, and of a loop that turns by itself. Without
  /// anybody to tell it is done.
  result<> tell_ready();
  /// Tells it that this program begins to end: STOPPING=1, once. A program that stops its workers before it destroys
  /// its manager says it first, as `lineshaft run` does; the destructor says it for all others.
  result<> tell_stopping();
  /// Drops the record of a worker that has no process. False if it has one, or the name is unknown.
  bool forget(std::string_view name);

 private:
  friend class control::commands;
  class implementation;
  std::unique_ptr<implementation> implementation_;
};

}  // namespace lineshaft
