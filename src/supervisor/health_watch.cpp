#include "supervisor/health_watch.hpp"

#include <utility>

namespace lineshaft::supervisor {

void health_watch::begin(policy::health what, senses by) {
  if (state_ || !what.watched()) return;
  state_.emplace(what);
  by_ = std::move(by);
  state_->begin(world_.now(), by_.look());
  wait();
}

void health_watch::beat() {
  if (!state_) return;
  // It puts the verdict off, not the look.
  state_->beat(world_.now(), by_.look());
}

void health_watch::end() {
  state_.reset();
  input_.reset();
  alarm_->cancel();
}

void health_watch::wait() {
  input_.reset();
  if (state_->waits_for_input()) {
    input_ = world_.when_readable(by_.inputs(), [this] { input_came(); });
    // Nobody would tell.
    if (!input_) state_->input_came(world_.now(), by_.look());
  }
  const auto next = state_->look_at();
  if (!next) return alarm_->cancel();
  alarm_->set(*next, [this] { look_again(); });
}

void health_watch::input_came() {
  state_->input_came(world_.now(), by_.look());
  wait();
}

void health_watch::look_again() {
  if (!state_) return;  // the alarm rang just before the end
  const bool was_stopped = state_->stopped();
  const auto sick = state_->look(world_.now(), by_.look());
  wait();
  if (state_->stopped() != was_stopped) by_.stop_changed();
  if (sick != policy::ailment::none) by_.found(sick);
}

}  // namespace lineshaft::supervisor
