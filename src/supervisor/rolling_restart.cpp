#include "supervisor/rolling_restart.hpp"

#include <utility>

namespace lineshaft::supervisor {

rolling_restart::rolling_restart(find_worker find, std::vector<std::string> replicas,
                                 std::optional<worker_definition> changed, std::string by, on_done answered)
    : find_(std::move(find)),
      replicas_(std::move(replicas)),
      changed_(std::move(changed)),
      by_(std::move(by)),
      answered_(std::move(answered)) {}

// One that was forgotten meanwhile need not be replaced, one that was told to stop stays so.
worker_entry* rolling_restart::next_replica() {
  while (at_ < replicas_.size()) {
    auto* worker = find_(replicas_[at_++]);
    if (worker != nullptr && !worker->down() && !worker->life().told_to_stop()) return worker;
  }
  return nullptr;
}

void rolling_restart::next() {
  auto* worker = next_replica();
  if (worker == nullptr) return answered_({});
  before_.push_back(worker->definition());
  if (changed_) {
    auto definition = *changed_;
    definition.name = worker->name();
    worker->define_next(std::move(definition));
  }
  worker->restart(
      changed_ ? restart_cause::reload : restart_cause::asked,
      [self = shared_from_this(), name = worker->name()](result<pid_t> started) {
        if (!started) return self->became_ready(std::unexpected(started.error()));
        if (auto* made = self->find_(name)) {
          made->wait_ready([self](result<> ready) { self->became_ready(std::move(ready)); });
        } else {
          self->next();
        }
      },
      by_);
}

void rolling_restart::became_ready(result<> ready) {
  if (ready) return next();
  roll_back(ready.error());
}

void rolling_restart::roll_back(error why) {
  if (changed_) {
    for (auto& before : before_) {
      auto* worker = find_(before.name);
      if (worker == nullptr || worker->life().told_to_stop()) continue;
      worker->define_next(std::move(before));
      worker->restart(restart_cause::reload, [](const auto&) {}, by_);
    }
    why.doing += "; all are what they were before";
  }
  answered_(std::unexpected(std::move(why)));
}

}  // namespace lineshaft::supervisor
