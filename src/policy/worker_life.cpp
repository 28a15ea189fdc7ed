#include "policy/worker_life.hpp"

#include <algorithm>

namespace lineshaft::policy {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

void worker_life::reconfigure(start_options options) {
  options_ = std::move(options);
  history_ = {};
  restarts_ = 0;
}

// Commands ------------------------------------------------------------------------------------------------

actions worker_life::start(time_point) {
  switch (phase_) {
    case phase::down: return launch_by_command();
    case phase::backoff: return launch_again();
    case phase::launching:  // a stop that waits for the process is still carried out
      if (cause_ != leave_cause::none) wish_ = wish::start;
      return {};
    case phase::stopping:
    case phase::killing: wish_ = wish::start; return {};
    case phase::starting:
    case phase::running: return {};
  }
  return {};
}

actions worker_life::stop(time_point now, time_point deadline) {
  wish_ = wish::stay_down;
  switch (phase_) {
    case phase::down: return {};
    case phase::backoff: settle(worker_state::stopped); return {};
    default: return leave(now, deadline, leave_cause::stop);
  }
}

actions worker_life::restart(time_point now, time_point deadline) {
  if (phase_ == phase::down || phase_ == phase::backoff) return start(now);
  // A process that is just being made is as new as one can be.
  if (phase_ == phase::launching && cause_ == leave_cause::none) return {};
  wish_ = wish::restart;
  return leave(now, deadline, leave_cause::restart);
}

// Events --------------------------------------------------------------------------------------------------

actions worker_life::launched(time_point now) {
  if (phase_ != phase::launching) return {};
  if (cause_ != leave_cause::none) {
    phase_ = phase::stopping;
    return {action::send_shutdown};
  }
  phase_ = phase::starting;
  start_deadline_ = after(now, options_.start_timeout);
  return {};
}

actions worker_life::launch_failed(time_point now, double chance) {
  if (phase_ != phase::launching) return {};
  if (by_command_ && wish_ == wish::policy) {
    last_success_ = false;
    settle(worker_state::failed);
    return {};
  }
  return process_gone(now, false, chance);
}

actions worker_life::became_ready(time_point now) {
  if (phase_ != phase::starting) return {};
  phase_ = phase::running;
  ready_since_ = now;
  return {};
}

actions worker_life::leaving(time_point now, leave_cause cause) {
  if (phase_ != phase::starting && phase_ != phase::running) return {};
  phase_ = phase::stopping;
  cause_ = cause;
  began_ = now;
  deadline_ = after(now, options_.stop_timeout);
  return {};
}

actions worker_life::exited(time_point now, const ending& how) {
  if (!has_process()) return {};
  return process_gone(now, was_success(how), how.chance);
}

actions worker_life::timer(time_point now) {
  const auto due = wake_at();
  if (!due || now < *due) return {};
  switch (phase_) {
    case phase::backoff: return launch_again();
    case phase::stopping: phase_ = phase::killing; return {action::kill};
    case phase::starting: return leave(now, after(now, options_.stop_timeout), leave_cause::start_timeout);
    default: return {};
  }
}

// What is known -------------------------------------------------------------------------------------------

worker_state worker_life::state() const {
  switch (phase_) {
    case phase::down: return settled_;
    case phase::launching:
    case phase::starting: return worker_state::starting;
    case phase::running: return worker_state::running;
    case phase::stopping:
    case phase::killing: return worker_state::stopping;
    case phase::backoff: return worker_state::backoff;
  }
  return settled_;
}

bool worker_life::has_process() const {
  return phase_ == phase::starting || phase_ == phase::running || phase_ == phase::stopping || phase_ == phase::killing;
}

std::optional<time_point> worker_life::wake_at() const {
  switch (phase_) {
    case phase::starting: return start_deadline_;
    case phase::stopping: return deadline_;
    case phase::backoff: return restart_at_;
    default: return std::nullopt;
  }
}

milliseconds worker_life::stop_budget() const { return duration_cast<milliseconds>(deadline_ - began_); }

// Steps ---------------------------------------------------------------------------------------------------

actions worker_life::launch_next() {
  clear();
  phase_ = phase::launching;
  by_command_ = false;
  gave_up_.clear();
  ++generation_;
  return {action::launch};
}

actions worker_life::launch_by_command() {
  history_ = {};
  auto todo = launch_next();
  by_command_ = true;
  return todo;
}

actions worker_life::launch_again() {
  ++restarts_;
  return launch_next();
}

actions worker_life::leave(time_point now, time_point deadline, leave_cause cause) {
  switch (phase_) {
    case phase::starting:
    case phase::running:
      phase_ = phase::stopping;
      cause_ = cause;
      began_ = now;
      deadline_ = deadline;
      return {action::send_shutdown};
    case phase::launching:  // told to leave as soon as it is there
      if (cause_ == leave_cause::none) {
        began_ = now;
        deadline_ = deadline;
      }
      cause_ = cause;
      deadline_ = std::min(deadline_, deadline);
      return {};
    case phase::stopping:
      // Between stop and restart the last command counts; what the worker said itself is not overruled.
      if (cause_ == leave_cause::stop || cause_ == leave_cause::restart) cause_ = cause;
      if (deadline >= deadline_) return {};
      deadline_ = deadline;
      return {action::send_shutdown};
    default: return {};
  }
}

// What the worker was asked for decides first: a stop that had to kill it was still a stop.
bool worker_life::was_success(const ending& how) const {
  if (phase_ == phase::killing || cause_ == leave_cause::failed || cause_ == leave_cause::start_timeout) return false;
  return how.success_code;
}

actions worker_life::process_gone(time_point now, bool success, double chance) {
  last_success_ = success;
  const auto healthy_for = ready_since_ ? duration_cast<milliseconds>(now - *ready_since_) : milliseconds(0);
  if (wish_ == wish::start) return launch_by_command();
  if (wish_ == wish::restart) return launch_again();
  if (wish_ == wish::stay_down) {
    settle(ended_as(success));
    return {};
  }
  const auto next = judge(options_.restart, history_, {success, healthy_for, chance}, now);
  if (const auto* again = std::get_if<restart_after>(&next)) {
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
  clear();
}

void worker_life::clear() {
  cause_ = leave_cause::none;
  wish_ = wish::policy;
  ready_since_.reset();
}

}  // namespace lineshaft::policy
