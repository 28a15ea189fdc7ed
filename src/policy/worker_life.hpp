#pragma once
// The life of one worker as a state machine: every command and every event is defined in every phase.
// Pure: it knows no process, no clock and no Asio. Each function takes the moment, changes the life and
// says what is to be done; the shell around it does that, and wakes the life at `wake_at()`.
#include <cstdint>
#include <memory>
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
  held,       ///< no process; the next one waits until other workers let it start
  launching,  ///< asked for a process
  starting,   ///< a process that has not been ready yet
  running,    ///< ready
  unready,    ///< was ready, and says that it is not
  stopping,   ///< asked to leave, or leaving by itself
  killing,    ///< killed, not yet gone
  backoff,    ///< no process until the delay has passed
};

enum class action {
  launch,          ///< make a process, of the generation that the life says
  give_up_launch,  ///< no answer for too long: have an end made of what keeps it
  send_shutdown,   ///< ask the process to leave until `deadline()`
  end_stuck,       ///< climb the watchdog's ladder
  kill,            ///< kill the whole tree of the process
  tell_waiting,    ///< who waits for what comes after this has waited long enough
};
using actions = std::vector<action>;

/// A process comes into being in milliseconds. What makes them, and does not say in this time that it has made one or
/// cannot, may never: it is stopped, or waits for a disk that is gone.
inline constexpr std::chrono::milliseconds launch_patience = std::chrono::seconds(10);

/// What a killed process may take to vanish before a waiting caller is told so: it is in the kernel's hands then,
/// and one in uninterruptible sleep (D) stays there as long as its device wants.
inline constexpr std::chrono::milliseconds vanishing = std::chrono::seconds(1);

/// Why a process is leaving, if it is.
enum class leave_cause {
  none,
  stop,           ///< the manager was asked to stop it
  restart,        ///< it is to be followed by another: `restart_cause` says why
  abandoned,      ///< others failed that it cannot be without
  itself,         ///< it says that it leaves, for example because a signal asked it to
  failed,         ///< it says that something threw
  finished,       ///< it says that its work is done
  start_timeout,  ///< it was not ready in time
  watchdog,       ///< it is alive and does not do its work
};

std::string_view to_string(phase);
std::string_view to_string(action);
std::string_view to_string(leave_cause);

/// How a process ended, as far as decisions need it.
struct ending {
  bool success_code = false;  ///< exit code 0 (or one that counts as success)
  double chance = 0;          ///< for the jitter, in [-1, 1]
  /// Since when it was in one and the same handler: it has not shown since then that it is healthy.
  std::optional<time_point> busy_since = {};
};

class worker_life {
 public:
  using shared_options = std::shared_ptr<const start_options>;
  explicit worker_life(shared_options options) : options_(std::move(options)) {}

  /// New options for the next process; only while `down`. The past is forgotten, but for the generation.
  void reconfigure(shared_options options);
  /// New options for the next process, and the past stays.
  void adopt(shared_options options) { options_ = std::move(options); }

  // Commands: of several that arrive before the process has gone, the last one counts ----------------------
  /// Ignored while there is a process, or one is coming; during a stop, the worker is started again after it.
  /// The process is launched by `release`, here and everywhere below.
  actions start(time_point now);
  /// Leave until `deadline`, and stay down whatever the policy. A second stop can bring the deadline forward,
  /// never put it off.
  actions stop(time_point now, time_point deadline);
  /// The same, then a new process at once. Down, or in `backoff`: a start.
  actions restart(time_point now, time_point deadline, restart_cause why = restart_cause::asked);
  /// Others have failed that it cannot be without: it leaves, and has failed for good, for the reason given.
  actions abandon(time_point now, time_point deadline, std::string why);

  // Events -------------------------------------------------------------------------------------------------
  /// Out of `held`: nothing that it waits for is missing.
  actions release(time_point now);
  /// `chance` in [-1, 1] spreads the lives of processes that are replaced by age.
  actions launched(time_point now, double chance = 0);
  /// There is no process. If a command asked for it while `down`, the life is over: its caller is told.
  actions launch_failed(time_point now, double chance);
  actions became_ready(time_point now);
  /// It is not ready any more. It may be again.
  actions became_unready(time_point now);
  /// The process says that it is leaving by itself.
  actions leaving(time_point now, leave_cause cause);
  /// It asks for time, to start or to leave: until then, but no more than ten times what it has, and never past the
  /// deadline of a stop that was asked for.
  actions extend(time_point now, time_point until);
  /// It was asked to leave, in every way that there is but one.
  actions patience_ended(time_point now);
  /// It is alive and does not do its work: it is ended until `deadline`, and that is a failure.
  actions watchdog(time_point now, time_point deadline);
  actions exited(time_point now, const ending& how);
  actions timer(time_point now);

  // What is known ------------------------------------------------------------------------------------------
  phase current() const { return phase_; }
  worker_state state() const;
  bool has_process() const;
  bool ready() const { return phase_ == phase::running; }
  std::uint32_t generation() const { return generation_; }
  /// Processes made by the policy or by `restart`.
  const restart_counts& restarts() const { return restarts_; }
  leave_cause cause() const { return cause_; }
  restart_cause restarting_because() const { return why_again_; }
  time_point deadline() const { return deadline_; }
  /// What the process had to leave in, from the first request or its own word to the deadline.
  std::chrono::milliseconds stop_budget() const;
  /// The last command was to leave, and stay down.
  bool told_to_stop() const;
  /// Its process, or the one that is being made, has to go because another of its group died; why it is leaving first
  /// of all may be something else.
  bool falls_with_group() const {
    return wish_ == wish::fail || (wish_ == wish::restart && why_again_ == restart_cause::group);
  }
  bool killed() const { return phase_ == phase::killing; }
  /// Success or not of the last process that ended, and why the life is over if a limit or others ended it.
  bool last_success() const { return last_success_; }
  const std::string& gave_up() const { return gave_up_; }
  /// When the next process is due, in `backoff`.
  std::optional<time_point> next_attempt() const;
  /// When `timer` has to be called, if no event comes first.
  std::optional<time_point> wake_at() const;

 private:
  /// What the last command wants after this process.
  enum class wish { policy, stay_down, fail, start, restart };

  actions hold(time_point now);
  actions wait_again(time_point now);
  actions hold_by_command(time_point now);
  actions hold_again(time_point now, restart_cause why);
  actions kill(time_point now);
  bool at_work() const;
  void begin_leaving(time_point now, time_point deadline, leave_cause cause);
  actions leave(time_point now, time_point deadline, leave_cause cause);
  restart_cause cause_of_restart(bool success) const;
  actions process_gone(time_point now, bool success, const ending& how);
  bool was_success(const ending& how) const;
  worker_state ended_as(bool success) const;
  void settle(worker_state as);
  void clear();

  shared_options options_;
  restart_history history_;
  phase phase_ = phase::down;
  worker_state settled_ = worker_state::stopped;  ///< what `down` means
  leave_cause cause_ = leave_cause::none;
  wish wish_ = wish::policy;
  bool stopped_by_command_ = false;  ///< `down`, and a command is why nothing follows
  bool by_command_ = false;          ///< the process being made is a command's, not the policy's
  std::uint32_t generation_ = 0;
  restart_counts restarts_;
  restart_cause why_again_ = restart_cause::asked;
  time_point began_{}, deadline_{};     ///< stopping: since and until when
  time_point launch_deadline_{};        ///< launching: until when
  std::optional<time_point> patience_;  ///< of those who wait, held or killing: until when
  time_point launched_{};               ///< the process, when
  time_point start_deadline_{};         ///< starting: until when
  time_point restart_at_{};             ///< backoff: until when
  std::optional<time_point> too_old_at_;
  std::optional<time_point> ready_since_;
  bool last_success_ = false;
  std::string gave_up_;
};

}  // namespace lineshaft::policy
