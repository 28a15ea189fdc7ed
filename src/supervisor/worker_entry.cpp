#include "supervisor/worker_entry.hpp"

#include <unistd.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include "status/block_reader.hpp"
#include "supervisor/environment.hpp"

namespace lineshaft::supervisor {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kept_records = 16;

}  // namespace

worker_entry::worker_entry(shared_parts& parts, worker_identity identity, start_options options)
    : parts_(parts),
      identity_(std::move(identity)),
      options_(std::move(options)),
      life_(options_),
      timer_(parts.loop) {}

void worker_entry::redefine(worker_identity identity, start_options options) {
  identity_ = std::move(identity);
  options_ = std::move(options);
  life_.reconfigure(options_);
}

// Commands ------------------------------------------------------------------------------------------------

void worker_entry::start(on_started answered) {
  start_waiters_.push_back(std::move(answered));
  error_.clear();
  perform(life_.start(steady_clock::now()));
}

void worker_entry::restart(on_started answered) {
  start_waiters_.push_back(std::move(answered));
  const auto now = steady_clock::now();
  perform(life_.restart(now, policy::after(now, options_.stop_timeout)));
}

void worker_entry::stop(stop_request request, on_stopped answered) {
  const bool had_process = process_ != nullptr;
  if (had_process) stop_waiters_.push_back({request.asked, std::move(answered)});
  perform(life_.stop(request.asked, request.deadline));
  // Waiting for the next generation is no process: that is over at once.
  if (!had_process) answered({.name = name(), .how = stop_outcome::not_running});
  if (down()) answer_not_ready("it was stopped");
}

void worker_entry::wait_ready(on_ready answered) {
  if (life_.ready()) return answered({});
  if (down())
    return answered(
        fail("cannot wait for '" + name() + "': it is not running" + (error_.empty() ? "" : ": " + error_)));
  ready_waiters_.push_back(std::move(answered));
}

// Events of the process -----------------------------------------------------------------------------------

void worker_entry::process_launched() {
  error_.clear();
  const auto now = steady_clock::now();
  auto todo = life_.launched(now);
  // A program that says nothing of itself is ready when it runs.
  if (identity_.class_name.empty() && options_.ready == ready_when::start) {
    const auto more = life_.became_ready(now);
    todo.insert(todo.end(), more.begin(), more.end());
  }
  const auto pid = process_->pid();
  perform(todo);
  if (life_.ready()) answer_ready();
  // A process that was stopped before it was there is nobody's answer: the next one may be, else its end.
  if (life_.current() == policy::phase::stopping) return;
  for (const auto& answered : std::exchange(start_waiters_, {})) answered(pid);
}

void worker_entry::process_not_launched(const error& why) {
  process_.reset();
  error_ = why.message();
  const auto waiters = std::exchange(start_waiters_, {});
  perform(life_.launch_failed(steady_clock::now(), chance()));
  answer_not_ready(error_);
  answer_stopped(false);
  for (const auto& answered : waiters) answered(std::unexpected(why));
}

void worker_entry::process_said(const channel::worker_message& message) {
  const auto now = steady_clock::now();
  const auto leave = [&](policy::leave_cause cause) { perform(life_.leaving(now, cause)); };
  using policy::leave_cause;
  if (std::holds_alternative<channel::ready>(message)) {
    perform(life_.became_ready(now));
    if (life_.ready()) answer_ready();
  } else if (const auto* failed = std::get_if<channel::failed>(&message)) {
    said_error_ = failed->text;
    leave(leave_cause::failed);
  } else if (std::holds_alternative<channel::finished>(message)) {
    leave(leave_cause::finished);
  } else if (std::holds_alternative<channel::leaving>(message)) {
    leave(leave_cause::itself);
  } else if (const auto* wanted = std::get_if<channel::open_queue>(&message)) {
    open_queue(*wanted);
  }
}

void worker_entry::process_ended() {
  const auto status = process_->reap();
  auto record = record_of(status);
  const bool killed = life_.killed();
  record.lost_messages = queue_ends_.process_ended();
  const bool by_itself = life_.cause() == policy::leave_cause::none;
  // Success of a class is a thing it says: exit(0) from somewhere inside is none.
  const bool success_code = status.known && status.code == 0 && !(by_itself && !identity_.class_name.empty());
  const auto todo = life_.exited(steady_clock::now(), {success_code, chance()});
  record.success = life_.last_success();
  error_ = record.success ? std::string() : record.reason;
  if (!life_.gave_up().empty()) error_ = record.reason + "; not started again: " + life_.gave_up();
  process_.reset();
  said_error_.clear();
  const auto reason = record.reason;
  remember(std::move(record));
  perform(todo);
  // Who waits while it is started again by a command waits for the next one.
  if (life_.current() != policy::phase::launching) answer_not_ready(reason);
  answer_stopped(killed);
  if (down()) answer_not_started();
}

// Doing what was decided ----------------------------------------------------------------------------------

void worker_entry::perform(const policy::actions& todo) {
  for (const auto action : todo) {
    switch (action) {
      case policy::action::launch: launch(); break;
      case policy::action::send_shutdown:
        if (process_) process_->ask_to_leave(life_.deadline());
        break;
      case policy::action::kill:
        if (process_) process_->kill();
        break;
    }
  }
  arm_timer();
  publish();
}

void worker_entry::launch() {
  auto made = worker_process::launch(parts_.loop, parts_.launches, request(), *this);
  if (made) {
    process_ = std::move(*made);
    return;
  }
  // Later, so that the decision that asked for it is finished first.
  boost::asio::post(parts_.loop, [this, why = made.error()] { process_not_launched(why); });
}

channel::launch_request worker_entry::request() const {
  channel::launch_request request;
  request.argv = identity_.argv;
  request.settings = identity_.settings;
  if (identity_.class_name.empty()) {
    request.kind = channel::launch_kind::program;
  } else {
    request.kind = options_.method == start_method::exec ? channel::launch_kind::exec : channel::launch_kind::clone;
  }
  auto& image = request.image;
  image.class_name = identity_.class_name;
  image.name = identity_.name;
  image.generation = life_.generation();
  image.options = identity_.options;
  image.kind = options_.kind;
  image.ready = options_.ready;
  image.stop_timeout = options_.stop_timeout;
  image.manager = ::getpid();
  image.environment = worker_environment(identity_.inherited_environment, identity_.context, identity_.name,
                                         image.generation, options_.env);
  return request;
}

void worker_entry::open_queue(const channel::open_queue& wanted) {
  auto end = parts_.queues.open(wanted.name, wanted.role, queue_ends_);
  channel::opened answer{wanted.number, end ? std::string() : end.error().message()};
  std::vector<unique_fd> descriptors;
  if (end) {
    descriptors.push_back(std::move(end->socket));
    descriptors.push_back(std::move(end->account));
  }
  process_->tell(answer, std::move(descriptors));
}

exit_record worker_entry::record_of(const sys::exit_status& status) const {
  const auto now = steady_clock::now();
  exit_record record;
  record.generation = life_.generation();
  record.pid = process_->pid();
  record.code = status.code;
  record.code_known = status.known;
  record.core_dumped = status.core_dumped;
  record.error = said_error_;
  record.lifetime = duration_cast<milliseconds>(now - process_->started());
  record.user_time = status.user_time;
  record.system_time = status.system_time;
  record.max_resident_bytes = status.max_resident_bytes;
  if (const auto& block = process_->block()) record.figures = status::read_figures(block->bytes());
  record.figures.running = false;
  record.reason = exit_reason({status, life_.cause(), life_.killed(), !identity_.class_name.empty(), said_error_,
                               options_, life_.stop_budget()});
  return record;
}

void worker_entry::remember(exit_record record) {
  auto records = *exits_;
  records.push_back(std::move(record));
  if (records.size() > kept_records) records.erase(records.begin());
  exits_ = std::make_shared<const std::vector<exit_record>>(std::move(records));
}

// Answers -------------------------------------------------------------------------------------------------

void worker_entry::answer_ready() {
  for (const auto& answered : std::exchange(ready_waiters_, {})) answered({});
}

void worker_entry::answer_not_ready(const std::string& why) {
  for (const auto& answered : std::exchange(ready_waiters_, {}))
    answered(fail("'" + name() + "' did not become ready: " + why));
}

// A restart that a later stop has overruled.
void worker_entry::answer_not_started() {
  for (const auto& answered : std::exchange(start_waiters_, {})) {
    answered(fail(std::errc::operation_canceled, "cannot start '" + name() + "': it was stopped first"));
  }
}

void worker_entry::answer_stopped(bool killed) {
  const auto now = steady_clock::now();
  for (const auto& waiter : std::exchange(stop_waiters_, {})) {
    stop_outcome outcome{.name = name(), .how = killed ? stop_outcome::killed : stop_outcome::clean};
    outcome.took = duration_cast<milliseconds>(now - waiter.began);
    if (!exits_->empty()) outcome.exit = exits_->back();
    waiter.answered(std::move(outcome));
  }
}

void worker_entry::arm_timer() {
  const auto due = life_.wake_at();
  if (due == armed_for_) return;
  armed_for_ = due;
  timer_.cancel();
  if (!due) return;
  timer_.expires_at(*due);
  timer_.async_wait([this](boost::system::error_code ec) {
    if (ec) return;
    armed_for_.reset();
    perform(life_.timer(steady_clock::now()));
  });
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
  known.process_restarts = life_.restarts();
  known.error = error_.empty() ? said_error_ : error_;
  if (!exits_->empty()) known.last_exit = exits_->back();
  if (known.alive) {
    view->started = process_->started();
    view->block = process_->block();
  }
  view->exits = exits_;
  view->stop_timeout = options_.stop_timeout;
  view->start_timeout = options_.start_timeout;
  parts_.published.publish(name(), std::move(view));
}

double worker_entry::chance() { return std::uniform_real_distribution(-1.0, 1.0)(parts_.random); }

}  // namespace lineshaft::supervisor
