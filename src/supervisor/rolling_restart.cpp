#include "supervisor/rolling_restart.hpp"

#include <utility>

namespace lineshaft::supervisor {

rolling_restart::rolling_restart(find_worker find, redefine_worker redefine, is_overruled overruled,
                                 std::vector<std::string> replicas, std::optional<worker_definition> changed,
                                 definitions before, std::string by, on_done answered)
    : find_(std::move(find)),
      redefine_(std::move(redefine)),
      overruled_(std::move(overruled)),
      replicas_(replicas.rbegin(), replicas.rend()),
      changed_(std::move(changed)),
      by_(std::move(by)),
      answered_(std::move(answered)),
      before_(std::move(before)) {}

// One that was forgotten meanwhile need not be replaced, one that was told to stop stays so.
worker_entry* rolling_restart::next_replica() {
  while (!replicas_.empty()) {
    auto* worker = find_(replicas_.back());
    replicas_.pop_back();
    const bool ended = worker == nullptr || worker->life().told_to_stop() || (worker->down() && !failed_);
    if (!ended) return worker;
  }
  return nullptr;
}

void rolling_restart::next() {
  auto* worker = next_replica();
  if (worker == nullptr) return end();
  if (overruled_()) {
    if (failed_) return end();
    return roll_back({std::make_error_code(std::errc::operation_canceled),
                      "cannot replace '" + worker->name() + "': everything is stopped"});
  }
  const auto name = worker->name();
  if (!failed_) replaced_.push_back(name);
  if (changed_ && !failed_) {
    auto definition = *changed_;
    definition.name = name;
    redefine_(*worker, std::move(definition));
  }
  worker->restart(
      changed_ ? restart_cause::reload : restart_cause::asked,
      [self = shared_from_this(), name](const result<pid_t>& outcome) { self->started(name, outcome); }, by_);
}

void rolling_restart::started(const std::string& name, const result<pid_t>& outcome) {
  if (!outcome) return became_ready(name, std::unexpected(outcome.error()));
  auto* worker = find_(name);
  if (worker == nullptr) return next();
  worker->wait_ready(std::nullopt,
                     [self = shared_from_this(), name](const result<>& ready) { self->became_ready(name, ready); });
}

void rolling_restart::became_ready(const std::string& name, const result<>& ready) {
  if (ready) return next();
  if (failed_) {
    still_down_.push_back(name);
    return next();
  }
  roll_back(ready.error());
}

// One after the other here, too.
void rolling_restart::roll_back(const error& why) {
  failed_ = why;
  if (!changed_) return end();
  for (auto& [name, before] : before_)
    if (auto* worker = find_(name)) redefine_(*worker, std::move(before));
  replicas_ = std::exchange(replaced_, {});  // the last one is the one that has failed
  next();
}

void rolling_restart::end() {
  if (!failed_) return answered_({});
  if (changed_ && still_down_.empty()) failed_->doing += "; all are what they were before";
  if (!still_down_.empty())
    failed_->doing +=
        "; all are what they were before, but '" + still_down_.front() + "' does not become ready as that, either";
  answered_(std::unexpected(*failed_));
}

}  // namespace lineshaft::supervisor
