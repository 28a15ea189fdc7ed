#include "policy/worker_life.hpp"

#include <algorithm>

namespace lineshaft::policy {

using enum phase;

void worker_life::reconfigure(start_options options) {
  options_ = std::move(options);
  history_ = {};
}

actions worker_life::start(time_point) {
  switch (phase_) {
    case down: return launch_next();
    case backoff: return launch_again();
    case launching: cause_ = leave_cause::none; return {};
    case stopping:
    case killing: start_again_ = true; return {};
    default: return {};
  }
}

actions worker_life::stop(time_point, time_point deadline) {
  start_again_ = false;
  switch (phase_) {
    case down: return {};
    case backoff:
      phase_ = down;
      settled_ = worker_state::stopped;
      return {};
    case launching:  // told to leave as soon as it is there
      cause_ = leave_cause::stop;
      deadline_ = deadline;
      return {};
    case starting:
    case running: return begin_stop(deadline, leave_cause::stop);
    case stopping:
      // A restart that is under way becomes this stop; a worker that leaves by itself is not hurried
      // beyond what it was given, unless this deadline is sooner.
      if (cause_ == leave_cause::restart) cause_ = leave_cause::stop;
      if (deadline < deadline_) {
        deadline_ = deadline;
        return {action::send_shutdown};
      }
      return {};
    case killing: return {};
  }
  return {};
}

actions worker_life::restart(time_point now, time_point deadline) {
  if (phase_ == down || phase_ == backoff) return start(now);
  auto todo = stop(now, deadline);
  if (cause_ == leave_cause::stop) cause_ = leave_cause::restart;
  start_again_ = true;
  return todo;
}

actions worker_life::launched(time_point now) {
  if (phase_ != launching) return {};
  start_deadline_ = now + options_.start_timeout;
  phase_ = starting;
  if (cause_ == leave_cause::none) return {};
  return begin_stop(deadline_, cause_);
}

actions worker_life::launch_failed(time_point now, bool first, double chance) {
  if (phase_ != launching) return {};
  if (first && !start_again_) {
    phase_ = down;
    settled_ = worker_state::failed;
    return {};
  }
  return process_gone(now, false, chance);
}

actions worker_life::became_ready(time_point now) {
  if (phase_ != starting) return {};
  phase_ = running;
  ready_since_ = now;
  return {};
}

actions worker_life::leaving(time_point now, leave_cause cause) {
  if (phase_ != starting && phase_ != running) return {};
  phase_ = stopping;
  cause_ = cause;
  deadline_ = now + options_.stop_timeout;
  return {};
}

actions worker_life::exited(time_point now, const ending& how) {
  if (phase_ == down || phase_ == backoff || phase_ == launching) return {};
  return process_gone(now, was_success(how), how.chance);
}

actions worker_life::timer(time_point now) {
  const auto due = wake_at();
  if (!due || now < *due) return {};
  switch (phase_) {
    case backoff: return launch_again();
    case stopping: phase_ = killing; return {action::kill};
    case starting: return begin_stop(now + options_.stop_timeout, leave_cause::start_timeout);
    default: return {};
  }
}

worker_state worker_life::state() const {
  switch (phase_) {
    case down: return settled_;
    case launching:
    case starting: return worker_state::starting;
    case running: return worker_state::running;
    case stopping:
    case killing: return worker_state::stopping;
    case backoff: return worker_state::backoff;
  }
  return settled_;
}

std::optional<time_point> worker_life::wake_at() const {
  switch (phase_) {
    case starting: return start_deadline_;
    case stopping: return deadline_;
    case backoff: return restart_at_;
    default: return std::nullopt;
  }
}

actions worker_life::launch_next() {
  phase_ = launching;
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
  phase_ = stopping;
  cause_ = cause;
  deadline_ = deadline;
  return {action::send_shutdown};
}

// What the worker was asked for decides first: a stop that had to kill it was still a stop.
bool worker_life::was_success(const ending& how) const {
  switch (cause_) {
    case leave_cause::stop:
    case leave_cause::restart: return phase_ != killing && how.success_code;
    case leave_cause::finished:
    case leave_cause::itself: return phase_ != killing && how.success_code;
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
  phase_ = down;
  if (cause_ == leave_cause::stop) {
    settled_ = worker_state::stopped;
    return {};
  }
  const auto next = judge(options_.restart, history_, {success, healthy_for, chance}, now);
  if (const auto* again = std::get_if<restart_after>(&next)) {
    phase_ = backoff;
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
