#include "policy/worker_life.hpp"

#include <algorithm>

namespace lineshaft::policy {

void worker_life::reconfigure(start_options options) {
  options_ = std::move(options);
  history_ = {};
}

actions worker_life::start(time_point) {
  switch (phase_) {
    case phase::down: return launch_next();
    case phase::backoff: return launch_again();
    case phase::launching: cause_ = leave_cause::none; return {};
    case phase::stopping:
    case phase::killing: start_again_ = true; return {};
    default: return {};
  }
}

actions worker_life::stop(time_point, time_point deadline) {
  start_again_ = false;
  switch (phase_) {
    case phase::down: return {};
    case phase::backoff:
      phase_ = phase::down;
      settled_ = worker_state::stopped;
      return {};
    case phase::launching:  // told to leave as soon as it is there
      cause_ = leave_cause::stop;
      deadline_ = deadline;
      return {};
    case phase::starting:
    case phase::running: return begin_stop(deadline, leave_cause::stop);
    case phase::stopping:
      // A restart that is under way becomes this stop; a worker that leaves by itself is not hurried
      // beyond what it was given, unless this deadline is sooner.
      if (cause_ == leave_cause::restart) cause_ = leave_cause::stop;
      if (deadline < deadline_) {
        deadline_ = deadline;
        return {action::send_shutdown};
      }
      return {};
    case phase::killing: return {};
  }
  return {};
}

actions worker_life::restart(time_point now, time_point deadline) {
  if (phase_ == phase::down || phase_ == phase::backoff) return start(now);
  auto todo = stop(now, deadline);
  if (cause_ == leave_cause::stop) cause_ = leave_cause::restart;
  start_again_ = true;
  return todo;
}

actions worker_life::launched(time_point now) {
  if (phase_ != phase::launching) return {};
  start_deadline_ = now + options_.start_timeout;
  phase_ = phase::starting;
  if (cause_ == leave_cause::none) return {};
  return begin_stop(deadline_, cause_);
}

actions worker_life::launch_failed(time_point now, bool first, double chance) {
  if (phase_ != phase::launching) return {};
  if (first && !start_again_) {
    phase_ = phase::down;
    settled_ = worker_state::failed;
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
  deadline_ = now + options_.stop_timeout;
  return {};
}

actions worker_life::exited(time_point now, const ending& how) {
  if (phase_ == phase::down || phase_ == phase::backoff || phase_ == phase::launching) return {};
  return process_gone(now, was_success(how), how.chance);
}

actions worker_life::timer(time_point now) {
  const auto due = wake_at();
  if (!due || now < *due) return {};
  switch (phase_) {
    case phase::backoff: return launch_again();
    case phase::stopping: phase_ = phase::killing; return {action::kill};
    case phase::starting: return begin_stop(now + options_.stop_timeout, leave_cause::start_timeout);
    default: return {};
  }
}

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

std::optional<time_point> worker_life::wake_at() const {
  switch (phase_) {
    case phase::starting: return start_deadline_;
    case phase::stopping: return deadline_;
    case phase::backoff: return restart_at_;
    default: return std::nullopt;
  }
}

actions worker_life::launch_next() {
  phase_ = phase::launching;
  cause_ = leave_cause::none;
  start_again_ = false;
  ready_since_.reset();
  gave_up_.clear();
  ++generation_;
  return {action::launch};
}

actions worker_life::launch_again() {
  ++restarts_;
  return launch_next();
}

actions worker_life::begin_stop(time_point deadline, leave_cause cause) {
  phase_ = phase::stopping;
  cause_ = cause;
  deadline_ = deadline;
  return {action::send_shutdown};
}

// What the worker was asked for decides first: a stop that had to kill it was still a stop.
bool worker_life::was_success(const ending& how) const {
  switch (cause_) {
    case leave_cause::stop:
    case leave_cause::restart: return phase_ != phase::killing && how.success_code;
    case leave_cause::finished:
    case leave_cause::itself: return phase_ != phase::killing && how.success_code;
    case leave_cause::failed:
    case leave_cause::start_timeout: return false;
    case leave_cause::none: return how.success_code;
  }
  return false;
}

actions worker_life::process_gone(time_point now, bool success, double chance) {
  last_success_ = success;
  const auto healthy_for = ready_since_ ? std::chrono::duration_cast<std::chrono::milliseconds>(now - *ready_since_)
                                        : std::chrono::milliseconds(0);
  ready_since_.reset();
  if (start_again_) return cause_ == leave_cause::restart ? launch_again() : launch_next();
  phase_ = phase::down;
  if (cause_ == leave_cause::stop) {
    settled_ = worker_state::stopped;
    return {};
  }
  const auto next = judge(options_.restart, history_, {success, healthy_for, chance}, now);
  if (const auto* again = std::get_if<restart_after>(&next)) {
    phase_ = phase::backoff;
    restart_at_ = now + again->delay;
    cause_ = leave_cause::none;
    return {};
  }
  if (const auto* over = std::get_if<give_up>(&next)) gave_up_ = over->reason;
  const bool finished = success && cause_ != leave_cause::itself;
  settled_ = finished ? worker_state::completed : success ? worker_state::stopped : worker_state::failed;
  return {};
}

}  // namespace lineshaft::policy
