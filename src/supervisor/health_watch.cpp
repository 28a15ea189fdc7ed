#include "supervisor/health_watch.hpp"

#include <utility>

namespace lineshaft::supervisor {

void health_watch::begin(policy::health what, std::function<policy::vital_signs()> look,
                         std::function<void(policy::ailment)> found) {
  if (state_ || !what.look_at()) return;
  state_.emplace(std::move(what));
  look_ = std::move(look);
  found_ = std::move(found);
  state_->begin(world_.now(), look_());
  set_alarm();
}

void health_watch::beat() {
  if (!state_) return;
  state_->beat(world_.now(), look_());
}

void health_watch::end() {
  state_.reset();
  alarm_->cancel();
}

void health_watch::set_alarm() {
  // A beat that has come meanwhile puts the verdict off, not the look.
  alarm_->set(*state_->look_at(), [this] { look_again(); });
}

void health_watch::look_again() {
  if (!state_) return;  // the alarm rang just before the end
  const auto sick = state_->look(world_.now(), look_());
  set_alarm();
  if (sick != policy::ailment::none) found_(sick);
}

}  // namespace lineshaft::supervisor
