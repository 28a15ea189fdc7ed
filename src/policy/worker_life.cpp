#include "policy/worker_life.hpp"

#include <algorithm>

namespace lineshaft::policy {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

namespace {

// Processes of one age are not to be replaced all at once.
constexpr double recycle_jitter = 0.1;

// What a process may ask for, in its own timeouts: enough for the slowest of days, and an end to it.
constexpr int most_extensions = 10;

bool by_a_command(leave_cause cause) {
  return cause == leave_cause::stop || cause == leave_cause::restart || cause == leave_cause::abandoned;
}

}  // namespace

std::string_view to_string(phase where) {
  switch (where) {
    case phase::down: return "down";
    case phase::held: return "held";
    case phase::launching: return "launching";
    case phase::starting: return "starting";
    case phase::running: return "running";
    case phase::unready: return "unready";
    case phase::stopping: return "stopping";
    case phase::killing: return "killing";
    case phase::backoff: return "backoff";
  }
  return "unknown";
}

std::string_view to_string(action what) {
  switch (what) {
    case action::launch: return "launch";
    case action::give_up_launch: return "give the launch up";
    case action::send_shutdown: return "ask it to leave";
    case action::end_stuck: return "climb the watchdog's ladder";
    case action::kill: return "kill";
    case action::tell_waiting: return "tell those who wait";
  }
  return "unknown";
}

std::string_view to_string(leave_cause cause) {
  switch (cause) {
    case leave_cause::none: return "none";
    case leave_cause::stop: return "stop";
    case leave_cause::restart: return "restart";
    case leave_cause::abandoned: return "abandoned";
    case leave_cause::itself: return "itself";
    case leave_cause::failed: return "failed";
    case leave_cause::finished: return "finished";
    case leave_cause::start_timeout: return "start_timeout";
    case leave_cause::watchdog: return "watchdog";
  }
  return "unknown";
}

void worker_life::reconfigure(shared_options options) {
  options_ = std::move(options);
  history_ = {};
  restarts_ = {};
}

// Commands ------------------------------------------------------------------------------------------------

actions worker_life::start(time_point now) {
  switch (phase_) {
    case phase::down: return hold_by_command(now);
    case phase::backoff: return hold_again(now, why_again_);
    case phase::launching:  // a stop that waits for the process is still carried out
      if (cause_ != leave_cause::none) wish_ = wish::start;
      return {};
    case phase::killing: wait_again(now); [[fallthrough]];
    case phase::stopping: wish_ = wish::start; return {};
    case phase::held: return wait_again(now);
    case phase::starting:
    case phase::running:
    case phase::unready: return {};
  }
  return {};
}

actions worker_life::stop(time_point now, time_point deadline) {
  wish_ = wish::stay_down;
  switch (phase_) {
    case phase::down: stopped_by_command_ = true; return {};
    case phase::held:
    case phase::backoff: settle(worker_state::stopped); return {};
    default: return leave(now, deadline, leave_cause::stop);
  }
}

actions worker_life::restart(time_point now, time_point deadline, restart_cause why) {
  switch (phase_) {
    case phase::down: return hold_by_command(now);
    case phase::backoff: return hold_again(now, why);
    case phase::held: return wait_again(now);
    default: break;
  }
  // A process that is just being made is as new as one can be, but not of a new definition.
  if (phase_ == phase::launching && cause_ == leave_cause::none && why != restart_cause::reload) return {};
  wish_ = wish::restart;
  why_again_ = why;
  return leave(now, deadline, leave_cause::restart);
}

actions worker_life::abandon(time_point now, time_point deadline, std::string why) {
  if (phase_ == phase::down) return {};
  gave_up_ = std::move(why);
  wish_ = wish::fail;
  if (has_process() || phase_ == phase::launching) return leave(now, deadline, leave_cause::abandoned);
  settle(worker_state::failed);
  return {};
}

// Events --------------------------------------------------------------------------------------------------

actions worker_life::release(time_point now) {
  if (phase_ != phase::held) return {};
  phase_ = phase::launching;
  launch_deadline_ = after(now, launch_patience);
  ++generation_;
  return {action::launch};
}

actions worker_life::launched(time_point now, double chance) {
  if (phase_ != phase::launching) return {};
  if (cause_ != leave_cause::none) {
    phase_ = phase::stopping;
    return {action::send_shutdown};
  }
  phase_ = phase::starting;
  launched_ = now;
  start_deadline_ = after(now, options_->start_timeout);
  if (options_->max_lifetime) too_old_at_ = after(now, spread(*options_->max_lifetime, recycle_jitter, chance));
  return {};
}

actions worker_life::launch_failed(time_point now, double chance) {
  if (phase_ != phase::launching) return {};
  if (by_command_ && wish_ == wish::policy) {
    last_success_ = false;
    settle(worker_state::failed);
    return {};
  }
  return process_gone(now, false, {.chance = chance});
}

actions worker_life::became_ready(time_point now) {
  if (phase_ != phase::starting && phase_ != phase::unready) return {};
  phase_ = phase::running;
  ready_since_ = now;
  return {};
}

actions worker_life::became_unready(time_point) {
  if (phase_ != phase::running) return {};
  phase_ = phase::unready;
  ready_since_.reset();
  return {};
}

actions worker_life::leaving(time_point now, leave_cause cause) {
  if (!at_work()) return {};
  begin_leaving(now, after(now, options_->stop_timeout), cause);
  return {};
}

actions worker_life::extend(time_point, time_point until) {
  if (phase_ == phase::starting) {
    const auto latest = after(launched_, most_extensions * std::min(options_->start_timeout, longest_span));
    start_deadline_ = std::max(start_deadline_, std::min(until, latest));
  }
  // Not where a command has come after its own word, nor to one that is ended because it does nothing.
  const bool by_itself = wish_ == wish::policy && !by_a_command(cause_) && cause_ != leave_cause::watchdog;
  if (phase_ == phase::stopping && by_itself) {
    const auto latest = after(began_, most_extensions * std::min(options_->stop_timeout, longest_span));
    deadline_ = std::max(deadline_, std::min(until, latest));
  }
  return {};
}

actions worker_life::patience_ended(time_point now) {
  if (phase_ != phase::stopping) return {};
  deadline_ = std::min(deadline_, now);
  return kill(now);
}

actions worker_life::watchdog(time_point now, time_point deadline) {
  if (!at_work()) return {};
  begin_leaving(now, deadline, leave_cause::watchdog);
  return {action::end_stuck};
}

actions worker_life::exited(time_point now, const ending& how) {
  if (!has_process()) return {};
  return process_gone(now, was_success(how), how);
}

actions worker_life::timer(time_point now) {
  const auto due = wake_at();
  if (!due || now < *due) return {};
  switch (phase_) {
    case phase::backoff: return hold_again(now, why_again_);
    case phase::launching:  // until it is said that there is no process there may be one
      launch_deadline_ = after(now, launch_patience);
      return {action::give_up_launch};
    case phase::stopping: return kill(now);
    case phase::held:
    case phase::killing: patience_.reset(); return {action::tell_waiting};
    case phase::starting: return leave(now, after(now, options_->stop_timeout), leave_cause::start_timeout);
    case phase::running:
    case phase::unready: return restart(now, after(now, options_->stop_timeout), restart_cause::recycle);
    default: return {};
  }
}

// What is known -------------------------------------------------------------------------------------------

worker_state worker_life::state() const {
  switch (phase_) {
    case phase::down: return settled_;
    case phase::held:
    case phase::launching:
    case phase::starting: return worker_state::starting;
    case phase::running:
    case phase::unready: return worker_state::running;
    case phase::stopping:
    case phase::killing: return worker_state::stopping;
    case phase::backoff: return worker_state::backoff;
  }
  return settled_;
}

bool worker_life::at_work() const {
  return phase_ == phase::starting || phase_ == phase::running || phase_ == phase::unready;
}

bool worker_life::has_process() const { return at_work() || phase_ == phase::stopping || phase_ == phase::killing; }

std::optional<time_point> worker_life::wake_at() const {
  switch (phase_) {
    case phase::held:
    case phase::killing: return patience_;
    case phase::launching: return launch_deadline_;
    case phase::starting: return start_deadline_;
    case phase::running:
    case phase::unready: return too_old_at_;
    case phase::stopping: return deadline_;
    case phase::backoff: return restart_at_;
    default: return std::nullopt;
  }
}

std::optional<time_point> worker_life::next_attempt() const {
  return phase_ == phase::backoff ? std::optional(restart_at_) : std::nullopt;
}

bool worker_life::told_to_stop() const {
  return phase_ == phase::down ? stopped_by_command_ : wish_ == wish::stay_down;
}

milliseconds worker_life::stop_budget() const { return duration_cast<milliseconds>(deadline_ - began_); }

// Steps ---------------------------------------------------------------------------------------------------

actions worker_life::hold(time_point now) {
  clear();
  phase_ = phase::held;
  by_command_ = false;
  gave_up_.clear();
  return wait_again(now);
}

// Whoever asks waits as long for the others as for the worker itself.
actions worker_life::wait_again(time_point now) {
  patience_ = after(now, phase_ == phase::killing ? vanishing : options_->start_timeout);
  return {};
}

actions worker_life::hold_by_command(time_point now) {
  history_ = {};
  hold(now);
  by_command_ = true;
  return {};
}

actions worker_life::hold_again(time_point now, restart_cause why) {
  ++restarts_.of(why);
  return hold(now);
}

actions worker_life::kill(time_point now) {
  phase_ = phase::killing;
  wait_again(now);
  return {action::kill};
}

void worker_life::begin_leaving(time_point now, time_point deadline, leave_cause cause) {
  phase_ = phase::stopping;
  cause_ = cause;
  began_ = now;
  deadline_ = deadline;
}

actions worker_life::leave(time_point now, time_point deadline, leave_cause cause) {
  switch (phase_) {
    case phase::starting:
    case phase::running:
    case phase::unready: begin_leaving(now, deadline, cause); return {action::send_shutdown};
    case phase::launching:  // told to leave as soon as it is there
      if (cause_ == leave_cause::none) {
        began_ = now;
        deadline_ = deadline;
      }
      cause_ = cause;
      deadline_ = std::min(deadline_, deadline);
      return {};
    case phase::stopping:
      // Between commands the last one counts; what the worker said itself is not overruled.
      if (by_a_command(cause_)) cause_ = cause;
      if (deadline >= deadline_) return {};
      deadline_ = deadline;
      return {action::send_shutdown};
    case phase::killing: return wait_again(now);
    default: return {};
  }
}

// What the worker was asked for decides first: a stop that had to kill it was still a stop.
bool worker_life::was_success(const ending& how) const {
  if (phase_ == phase::killing || cause_ == leave_cause::failed || cause_ == leave_cause::start_timeout ||
      cause_ == leave_cause::watchdog) {
    return false;
  }
  return how.success_code;
}

restart_cause worker_life::cause_of_restart(bool success) const {
  if (cause_ == leave_cause::watchdog) return restart_cause::watchdog;
  return success ? restart_cause::completion : restart_cause::crash;
}

actions worker_life::process_gone(time_point now, bool success, const ending& how) {
  last_success_ = success;
  const auto healthy_until = std::min(now, how.busy_since.value_or(now));
  const auto ready_since = std::min(ready_since_.value_or(now), healthy_until);
  const auto healthy_for = duration_cast<milliseconds>(healthy_until - ready_since);
  switch (wish_) {
    case wish::start: return hold_by_command(now);
    case wish::restart: return hold_again(now, why_again_);
    case wish::stay_down: settle(ended_as(success)); return {};
    case wish::fail: settle(worker_state::failed); return {};
    case wish::policy: break;
  }
  const auto next = judge(options_->restart, history_, {success, healthy_for, how.chance}, now);
  if (const auto* again = std::get_if<restart_after>(&next)) {
    why_again_ = cause_of_restart(success);
    clear();
    phase_ = phase::backoff;
    restart_at_ = after(now, again->delay);
    return {};
  }
  settle(ended_as(success));
  if (const auto* over = std::get_if<give_up>(&next)) {
    gave_up_ = over->reason;
    settled_ = worker_state::failed;
  }
  return {};
}

// What `down` means after a process that nothing follows.
worker_state worker_life::ended_as(bool success) const {
  switch (cause_) {
    case leave_cause::stop:
    case leave_cause::restart: return worker_state::stopped;
    case leave_cause::itself: return success ? worker_state::stopped : worker_state::failed;
    default: return success ? worker_state::completed : worker_state::failed;
  }
}

void worker_life::settle(worker_state as) {
  phase_ = phase::down;
  settled_ = as;
  stopped_by_command_ = wish_ == wish::stay_down;
  if (as != worker_state::failed) gave_up_.clear();
  clear();
}

void worker_life::clear() {
  cause_ = leave_cause::none;
  wish_ = wish::policy;
  ready_since_.reset();
  too_old_at_.reset();
}

}  // namespace lineshaft::policy
