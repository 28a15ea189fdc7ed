#pragma once
// The life of one worker as a state machine: every command and every event is defined in every phase.
// Pure: it knows no process, no clock and no Asio. Each function takes the moment, changes the life and
// says what is to be done; the shell around it does that, and wakes the life at `wake_at()`.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lineshaft/status.hpp"
#include "lineshaft/worker_spec.hpp"
#include "policy/restart.hpp"

namespace lineshaft::policy {

/// Where a life is, more finely than users see it.
enum class phase {
  down,       ///< no process, and none will come by itself
  launching,  ///< asked for a process
  starting,   ///< a process, not ready
  running,    ///< ready
  stopping,   ///< asked to leave, or leaving by itself
  killing,    ///< killed, not yet gone
  backoff,    ///< no process until the delay has passed
};

enum class action {
  launch,         ///< make a process, of the generation that the life says
  send_shutdown,  ///< ask the process to leave until `deadline()`
  kill,           ///< kill the whole tree of the process
};
using actions = std::vector<action>;

/// Why a process is leaving, if it is.
enum class leave_cause {
  none,
  stop,           ///< the manager was asked to stop it
  restart,        ///< the manager was asked to restart it
  itself,         ///< it says that it leaves, for example because a signal asked it to
  failed,         ///< it says that something threw
  finished,       ///< it says that its work is done
  start_timeout,  ///< it was not ready in time
};

/// How a process ended, as far as decisions need it.
struct ending {
  bool success_code = false;  ///< exit code 0 (or one that counts as success)
  double chance = 0;          ///< for the jitter, in [-1, 1]
};

class worker_life {
 public:
  explicit worker_life(start_options options) : options_(std::move(options)) {}

  /// New options for the next process; only while `down`. The past is forgotten, but for the generation.
  void reconfigure(start_options options);

  // Commands: of several that arrive before the process has gone, the last one counts ----------------------
  /// Ignored while there is a process, or one is coming; during a stop, the worker is started again after it.
  actions start(time_point now);
  /// Leave until `deadline`, and stay down whatever the policy. A second stop can bring the deadline forward,
  /// never put it off.
  actions stop(time_point now, time_point deadline);
  /// The same, then a new process at once. Down, or in `backoff`: a start.
  actions restart(time_point now, time_point deadline);

  // Events -------------------------------------------------------------------------------------------------
  actions launched(time_point now);
  /// There is no process. If a command asked for it while `down`, the life is over: its caller is told.
  actions launch_failed(time_point now, double chance);
  actions became_ready(time_point now);
  /// The process says that it is leaving by itself.
  actions leaving(time_point now, leave_cause cause);
  actions exited(time_point now, const ending& how);
  actions timer(time_point now);

  // What is known ------------------------------------------------------------------------------------------
  phase current() const { return phase_; }
  worker_state state() const;
  bool has_process() const;
  bool ready() const { return phase_ == phase::running; }
  std::uint32_t generation() const { return generation_; }
  /// Processes made by the policy or by `restart`.
  std::uint64_t restarts() const { return restarts_; }
  leave_cause cause() const { return cause_; }
  time_point deadline() const { return deadline_; }
  /// What the process had to leave in, from the first request or its own word to the deadline.
  std::chrono::milliseconds stop_budget() const;
  bool killed() const { return phase_ == phase::killing; }
  /// Success or not of the last process that ended, and why the life is over if a limit ended it.
  bool last_success() const { return last_success_; }
  const std::string& gave_up() const { return gave_up_; }
  /// When `timer` has to be called, if no event comes first.
  std::optional<time_point> wake_at() const;

 private:
  /// What the last command wants after this process.
  enum class wish { policy, stay_down, start, restart };

  actions launch_next();
  actions launch_by_command();
  actions launch_again();
  actions leave(time_point now, time_point deadline, leave_cause cause);
  actions process_gone(time_point now, bool success, double chance);
  bool was_success(const ending& how) const;
  worker_state ended_as(bool success) const;
  void settle(worker_state as);
  void clear();

  start_options options_;
  restart_history history_;
  phase phase_ = phase::down;
  worker_state settled_ = worker_state::stopped;  ///< what `down` means
  leave_cause cause_ = leave_cause::none;
  wish wish_ = wish::policy;
  bool by_command_ = false;  ///< the process being made is a command's, not the policy's
  std::uint32_t generation_ = 0;
  std::uint64_t restarts_ = 0;
  time_point began_{}, deadline_{};  ///< stopping: since and until when
  time_point start_deadline_{};      ///< starting: until when
  time_point restart_at_{};          ///< backoff: until when
  std::optional<time_point> ready_since_;
  bool last_success_ = false;
  std::string gave_up_;
};

}  // namespace lineshaft::policy
