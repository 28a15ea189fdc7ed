#include "supervisor/worker_entry.hpp"

#include <algorithm>
#include <csignal>
#include <utility>

#include "policy/success.hpp"
#include "supervisor/counter_totals.hpp"
#include "supervisor/exit_reason.hpp"

namespace lineshaft::supervisor {
namespace {

using policy::phase;
using std::chrono::duration_cast;
using std::chrono::milliseconds;

constexpr std::size_t kept_records = 16;

}  // namespace

worker_entry::worker_entry(shared_parts& parts, worker_definition definition)
    : parts_(parts),
      definition_(std::make_shared<const worker_definition>(std::move(definition))),
      life_(policies()),
      trace_(definition_->name),
      alarm_(parts.world.make_alarm()),
      ladder_alarm_(parts.world.make_alarm()),
      health_(parts.world) {}

worker_entry::~worker_entry() { parts_.sockets.keep(name(), {}); }

void worker_entry::redefine(worker_definition definition) {
  definition_ = std::make_shared<const worker_definition>(std::move(definition));
  next_definition_.reset();
  life_.reconfigure(policies());
}

void worker_entry::adopt(worker_definition definition, std::optional<worker_definition> next) {
  definition_ = std::make_shared<const worker_definition>(std::move(definition));
  next_definition_ = next ? std::make_shared<const worker_definition>(std::move(*next)) : nullptr;
  life_.adopt(policies());
  publish();
  launch_if_allowed();
}

// Commands ------------------------------------------------------------------------------------------------

void worker_entry::start(on_started answered) {
  if (const auto pid = pid_at_work()) return answered(*pid);
  start_waiters_.push_back(std::move(answered));
  error_.clear();
  perform(life_.start(parts_.world.now()));
}

void worker_entry::restart(restart_cause why, on_started answered, std::string by) {
  if (process_) notes_.asked_by = std::move(by);
  start_waiters_.push_back(std::move(answered));
  const auto now = parts_.world.now();
  perform(life_.restart(now, policy::after(now, definition_->how.stop_timeout), why));
}

void worker_entry::stop(stop_request request, on_stopped answered) {
  if (process_) {
    notes_.asked_by = request.by;
    stop_waiters_.push_back({request.asked, std::exchange(answered, {})});
  }
  perform(life_.stop(request.asked, request.deadline));
  // Waiting for the next generation is no process: that is over at once.
  if (answered) answered({.name = name(), .how = stop_outcome::not_running});
  if (down()) process_is_gone("it was stopped");
}

std::optional<pid_t> worker_entry::pid_at_work() const {
  const bool leaving = life_.current() == phase::stopping || life_.current() == phase::killing;
  if (process_ == nullptr || process_->pid() == 0 || leaving) return std::nullopt;
  return process_->pid();
}

result<> worker_entry::signal(int number, std::string by) {
  if (process_ == nullptr || process_->pid() == 0) {
    return fail(std::errc::no_such_process, "cannot signal '" + name() + "': it has no process");
  }
  notes_.sent = {number, std::move(by)};
  process_->signal(number);
  return {};
}

void worker_entry::wait_ready(std::optional<time_point> until, on_ready answered) {
  if (life_.ready()) return answered({});
  if (down())
    return answered(
        fail("cannot wait for '" + name() + "': it is not running" + (error_.empty() ? "" : ": " + error_)));
  std::erase_if(ready_waiters_, [now = parts_.world.now()](const auto& one) { return one.until && *one.until < now; });
  ready_waiters_.push_back({until, std::move(answered)});
}

void worker_entry::abandon(std::string why) {
  const auto now = parts_.world.now();
  const bool had_process = process_ != nullptr;
  if (!had_process) error_ = "not started again: " + why;
  perform(life_.abandon(now, policy::after(now, definition_->how.stop_timeout), std::move(why)));
  if (down()) process_is_gone(error_);
}

void worker_entry::launch_if_allowed() {
  if (!held() || !parts_.others.may_launch(*this)) return;
  if (next_definition_) {
    definition_ = std::exchange(next_definition_, nullptr);
    life_.adopt(policies());
  }
  perform(life_.release(parts_.world.now()));
}

// Events of the process -----------------------------------------------------------------------------------

void worker_entry::process_launched() {
  error_.clear();
  const auto now = parts_.world.now();
  const auto pid = process_->pid();
  trace_.launched(pid, now);
  perform(life_.launched(now, parts_.world.chance()));
  // A program that says nothing of itself is ready when it runs.
  if (definition_->is_program() && definition_->how.ready == ready_when::start) became_ready();
  if (definition_->probe) process_->probe(*definition_->probe);
  // A process that was stopped before it was there is nobody's answer: the next one may be, else its end.
  if (life_.current() == phase::stopping) return;
  for (const auto& answered : std::exchange(start_waiters_, {})) answered(pid);
}

void worker_entry::process_not_launched(const error& why) {
  process_.reset();
  error_ = why.message();
  trace_.not_launched(why);
  const auto waiters = std::exchange(start_waiters_, {});
  perform(life_.launch_failed(parts_.world.now(), parts_.world.chance()));
  answer_not_ready(error_);
  answer_stopped(false, last_record());
  tell_others();
  for (const auto& answered : waiters) answered(std::unexpected(why));
}

void worker_entry::process_said(const channel::worker_message& message) {
  const auto now = parts_.world.now();
  const auto leave = [&](policy::leave_cause cause) { perform(life_.leaving(now, cause)); };
  using policy::leave_cause;
  if (std::holds_alternative<channel::ready>(message)) {
    became_ready();
  } else if (std::holds_alternative<channel::unready>(message)) {
    perform(life_.became_unready(now));
  } else if (const auto* failed = std::get_if<channel::failed>(&message)) {
    notes_.said_error = word_of_process(failed->text);
    leave(leave_cause::failed);
  } else if (std::holds_alternative<channel::finished>(message)) {
    leave(leave_cause::finished);
  } else if (std::holds_alternative<channel::leaving>(message)) {
    leave(leave_cause::itself);
  } else if (const auto* wanted = std::get_if<channel::open_queue>(&message)) {
    open_queue(*wanted);
  } else if (const auto* socket = std::get_if<channel::open_socket>(&message)) {
    open_socket(*socket);
  } else if (const auto* word = std::get_if<channel::watchdog_word>(&message)) {
    watchdog_said(*word);
  }
}

void worker_entry::process_notified(const policy::notification& said) {
  const auto now = parts_.world.now();
  word_.take(said, now);
  if (said.extend_timeout) {
    const auto until = policy::after(now, std::chrono::ceil<milliseconds>(*said.extend_timeout));
    perform(life_.extend(now, until));
    ladder_.extend(until, life_.deadline());
    climb();
  }
  if (said.error_number) notes_.said_error = word_.error;
  if (said.watchdog) health_.beat();
  if (said.watchdog_trigger && definition_->how.watchdog) fell_ill(policy::ailment::no_beat);
  if (said.ready && definition_->how.ready == ready_when::notify) became_ready();
  if (said.stopping) perform(life_.leaving(now, policy::leave_cause::itself));
  publish();
}

void worker_entry::process_notification_refused() {
  ++word_.refused;
  publish();
}

void worker_entry::process_probed(std::optional<bool> changed, const std::string& why_not) {
  notes_.not_ready = why_not;
  if (!changed) return publish();
  if (*changed) return became_ready();
  perform(life_.became_unready(parts_.world.now()));
}

void worker_entry::process_ended() {
  const auto now = parts_.world.now();
  const auto status = process_->reap();
  health_.end();
  opened_.clear();
  auto record = record_of(*process_, status, life_, *definition_, std::exchange(notes_, {}), now);
  record.status_text = word_.status;
  record.notes = word_.notes;
  record.left_behind = process_->left_behind();
  for (const auto& one : record.left_behind) record.reason += "; cannot be killed, and lives on: " + one;
  const bool killed = life_.killed();
  record.lost_messages = queue_ends_.process_ended();
  record.output = process_->last_output();
  const bool success_code =
      policy::is_success({status.code, status.known, !definition_->is_program(), life_.cause()}, definition_->how);
  const auto todo = life_.exited(now, {success_code, parts_.world.chance(), busy_since()});
  record.success = life_.last_success();
  error_ = record.success ? std::string() : record.reason;
  if (!life_.gave_up().empty()) error_ = record.reason + "; not started again: " + life_.gave_up();
  process_.reset();
  ladder_.end();
  climb();
  word_ = {};
  stop_told_ = false;
  const auto next = life_.next_attempt();
  trace_.exited(record, {.now = now,
                         .killed = killed,
                         .restarts = life_.restarts().total(),
                         .backoff = next ? std::optional(duration_cast<milliseconds>(*next - now)) : std::nullopt});
  const auto reason = record.reason;
  remember(std::move(record));
  publish();
  tell(event_kind::exited, reason);
  perform(todo);
  // Who waits while it is started again by a command waits for the next one.
  if (life_.current() != phase::launching && !held()) answer_not_ready(reason);
  answer_stopped(killed, last_record());
  tell_others();
  if (down()) answer_not_started();
}

// Doing what was decided ----------------------------------------------------------------------------------

void worker_entry::perform(const policy::actions& todo) {
  for (const auto action : todo) {
    switch (action) {
      case policy::action::launch: launch(); break;
      case policy::action::give_up_launch:
        if (process_) process_->give_up_launch();
        break;
      case policy::action::send_shutdown: ask_to_leave(); break;
      case policy::action::end_stuck: end_stuck(); break;
      case policy::action::kill:
        trace_.signal_sent(SIGKILL);
        ladder_.end();  // whose next rung may be due at this very moment
        ladder_alarm_->cancel();
        if (process_) process_->kill();
        break;
      case policy::action::tell_waiting: break;
    }
  }
  set_alarm();
  publish();
  // Who hears of it and looks finds it so.
  tell_phase();
  launch_if_allowed();
  // At last: the answer to a first start may be the end of this object.
  if (std::ranges::contains(todo, policy::action::tell_waiting)) tell_waiting();
}

void worker_entry::launch() {
  const auto context = trace_.launching(definition_->context, life_.generation(), life_.restarts(), parts_.world.now());
  auto sockets = definition_->is_program() ? parts_.sockets.open_all(definition_->how.listen, name())
                                           : result<std::vector<unique_fd>>(std::in_place);
  auto made = sockets.and_then([&](auto& opened) {
    return parts_.world.launch(launch_request_of(*definition_, life_.generation(), context), std::move(opened),
                               output(), *this);
  });
  if (made) {
    process_ = std::move(*made);
    return;
  }
  // Later, so that the decision that asked for it is finished first.
  parts_.world.later([this, why = made.error()] { process_not_launched(why); });
}

process_output worker_entry::output() {
  process_output where{definition_->how.output, output_counts_};
  if (where.captured() && !output_counts_) where.counts = output_counts_ = std::make_shared<output::account>();
  return where;
}

// The first signal of the ladder, or the manager's word in its place, and then one after the other.
void worker_entry::ask_to_leave() {
  if (!process_) return;
  const auto now = parts_.world.now();
  trace_.asked_to_leave(to_string(life_.cause()), now);
  const bool first = !ladder_.wake_at();
  if (first) ladder_ = policy::stop_ladder(definition_->how.stop);
  ladder_.begin(now, life_.deadline());
  if (!definition_->is_program() || first) {
    const int signal = first ? ladder_.take_due(now).value_or(SIGTERM) : SIGTERM;
    if (signal == SIGKILL) return perform(life_.patience_ended(now));
    if (definition_->is_program()) {
      trace_.signal_sent(signal);
    } else {
      trace_.shutdown_sent();
    }
    process_->ask_to_leave(ladder_.kills_at().value_or(life_.deadline()), signal);
  }
  climb();
}

void worker_entry::end_stuck() {
  ladder_ = policy::stop_ladder(policy::watchdog_ladder(definition_->how.watchdog->ladder));
  ladder_.begin(parts_.world.now(), life_.deadline());
  climb();
}

void worker_entry::climb() {
  const auto now = parts_.world.now();
  while (const auto signal = ladder_.take_due(now)) {
    if (*signal == SIGKILL) return perform(life_.patience_ended(now));
    trace_.signal_sent(*signal);
    if (process_) process_->signal(*signal);
  }
  const auto next = ladder_.wake_at();
  if (!next) return ladder_alarm_->cancel();
  ladder_alarm_->set(*next, [this] { climb(); });
}

void worker_entry::open_queue(const channel::open_queue& wanted) {
  auto end = parts_.queues.open(wanted.name, wanted.role, queue_ends_);
  if (!end) return process_->tell(channel::opened{wanted.number, end.error().message()}, {});
  std::vector<unique_fd> descriptors;
  descriptors.push_back(std::move(end->socket));
  descriptors.push_back(std::move(end->account));
  process_->tell(channel::opened{wanted.number, {}}, std::move(descriptors));
  health_.look_again();
}

void worker_entry::open_socket(const channel::open_socket& wanted) {
  const auto declared = definition_->how.listen.find(wanted.endpoint);
  const auto& endpoint = declared == definition_->how.listen.end() ? wanted.endpoint : declared->second;
  auto socket = parts_.sockets.open(endpoint, name());
  if (socket) opened_.insert(endpoint);
  if (!socket) return process_->tell(channel::opened{wanted.number, socket.error().message()}, {});
  std::vector<unique_fd> descriptors;
  descriptors.push_back(std::move(*socket));
  process_->tell(channel::opened{wanted.number, {}}, std::move(descriptors));
}

void worker_entry::remember(exit_record record) {
  past_ = std::make_shared<const worker_figures>(past_ ? in_all(*past_, record.figures) : record.figures);
  past_times_ = {past_times_.user + record.user_time, past_times_.system + record.system_time};
  exits_.push_back(std::make_shared<const exit_record>(std::move(record)));
  if (exits_.size() > kept_records) exits_.erase(exits_.begin());
}

}  // namespace lineshaft::supervisor
