// What a worker_entry tells: answers to those who wait, events, and what is known of it.
#include <utility>

#include "policy/life_events.hpp"
#include "supervisor/worker_entry.hpp"

namespace lineshaft::supervisor {

using policy::phase;
using std::chrono::duration_cast;
using std::chrono::milliseconds;

// Answers -------------------------------------------------------------------------------------------------

void worker_entry::became_ready() {
  perform(life_.became_ready(parts_.world.now()));
  if (!life_.ready()) return;
  keep_sockets();
  trace_.ready(parts_.world.now());
  watch_health();
  for (const auto& one : std::exchange(ready_waiters_, {})) one.answered({});
}

// It has opened by now what it wants: where only those before it have listened, nobody will accept.
void worker_entry::keep_sockets() {
  auto used = opened_;
  for (const auto& [name, endpoint] : definition_->how.listen) used.insert(endpoint);
  parts_.sockets.keep(name(), used);
}

void worker_entry::answer_not_ready(const std::string& why) {
  for (const auto& one : std::exchange(ready_waiters_, {}))
    one.answered(fail("'" + name() + "' did not become ready: " + why));
}

// A restart that a later stop has overruled. The answer to a first start may be the end of this object.
void worker_entry::answer_not_started() {
  const auto why = fail(std::errc::operation_canceled, "cannot start '" + name() + "': it was stopped first");
  for (const auto& answered : std::exchange(start_waiters_, {})) answered(why);
}

// What was asked for has not come, and may never come. It stays asked for.
void worker_entry::tell_waiting() {
  if (!held() && life_.current() != phase::killing) return;
  const std::string why = held() ? "what it waits for did not come" : "its last process was killed, and does not end";
  const auto not_started = fail(std::errc::timed_out, "cannot start '" + name() + "': " + why);
  const auto not_ready = fail(std::errc::timed_out, "'" + name() + "' did not become ready: " + why);
  const auto starting = std::exchange(start_waiters_, {});
  // Who has a deadline of his own has said how long he waits for the others.
  std::vector<ready_waiter> with_deadline, without;
  for (auto& one : std::exchange(ready_waiters_, {})) (one.until ? with_deadline : without).push_back(std::move(one));
  ready_waiters_ = std::move(with_deadline);
  if (!held()) answer_stopped(true, std::nullopt);
  for (const auto& one : without) one.answered(not_ready);
  for (const auto& answered : starting) answered(not_started);
}

void worker_entry::answer_stopped(bool killed, const std::optional<exit_record>& record) {
  const auto now = parts_.world.now();
  for (const auto& waiter : std::exchange(stop_waiters_, {})) {
    stop_outcome outcome{.name = name(), .how = killed ? stop_outcome::killed : stop_outcome::clean};
    outcome.took = duration_cast<milliseconds>(now - waiter.began);
    outcome.exit = record;
    waiter.answered(std::move(outcome));
  }
}

void worker_entry::process_is_gone(const std::string& reason) {
  answer_not_ready(reason);
  answer_not_started();
}

// What others see -----------------------------------------------------------------------------------------

void worker_entry::set_alarm() {
  const auto due = life_.wake_at();
  if (due == armed_for_) return;
  armed_for_ = due;
  if (!due) return alarm_->cancel();
  alarm_->set(*due, [this] {
    armed_for_.reset();
    perform(life_.timer(parts_.world.now()));
  });
}

void worker_entry::tell(event_kind kind, std::string cause) {
  parts_.events.tell({.monotonic = parts_.world.now(),
                      .worker = name(),
                      .generation = life_.generation(),
                      .kind = kind,
                      .cause = std::move(cause)});
}

void worker_entry::tell_phase() {
  const auto before = std::exchange(told_, life_.current());
  if (before != told_ && (life_.has_process() || told_ == phase::launching))
    notes_.entered(life_.state(), parts_.world.now());
  if (const auto kind = policy::event_of(before, told_, life_.state())) tell(*kind, cause_of_phase());
}

std::string worker_entry::cause_of_phase() const {
  switch (life_.current()) {
    case phase::stopping:
    case phase::killing: return std::string(to_string(life_.cause()));
    case phase::backoff: return std::string(to_string(life_.restarting_because()));
    case phase::down: return error_;
    default: return {};
  }
}

// A death that a command does not overrule concerns those that stand and fall with this one.
void worker_entry::tell_others() {
  if (life_.current() == phase::backoff) parts_.others.will_restart(*this);
  if (down() && life_.state() == worker_state::failed) parts_.others.failed_for_good(*this);
}

std::string worker_entry::what_is_wrong() const {
  if (!error_.empty()) return error_;
  if (health_.stopped()) return "its process is stopped: by a signal (SIGSTOP), or a debugger";
  return !notes_.said_error.empty() ? notes_.said_error : notes_.not_ready;
}

void worker_entry::publish() {
  auto view = std::make_shared<worker_view>();
  auto& known = view->known;
  known.name = name();
  known.alive = process_ != nullptr && process_->pid() != 0;
  if (known.alive) known.pid = process_->pid();
  known.state = life_.state();
  known.ready = life_.ready();
  known.generation = life_.generation();
  known.restarts_by = life_.restarts();
  known.process_restarts = known.restarts_by.total();
  known.error = what_is_wrong();
  known.status_text = word_.status;
  known.reloading = word_.reloading;
  known.refused_notifications = word_.refused;
  if (known.alive) {
    view->started = process_->started();
    view->block = process_->block();
  }
  view->next_attempt = life_.next_attempt();
  view->beat = word_.beat;
  view->exits = exits_;
  view->past = past_;
  view->past_times = past_times_;
  view->place = {definition_->class_name, definition_->family, parts_.others.is_essential(*this), {}};
  for (const auto& one : definition_->how.after) view->place.after.push_back(one.on);
  view->output = output_counts_;
  view->stop_timeout = definition_->how.stop_timeout;
  view->start_timeout = definition_->how.start_timeout;
  parts_.published.publish(name(), std::move(view));
  const auto stands = standing();
  if (stands == std::exchange(shown_, stands)) return;
  parts_.others.changed(*this);
}

}  // namespace lineshaft::supervisor
