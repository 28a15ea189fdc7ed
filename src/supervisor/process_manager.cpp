#include "lineshaft/process_manager.hpp"

#include "policy/moments.hpp"
#include "supervisor/exit_reason.hpp"
#include "supervisor/manager.hpp"

namespace lineshaft {

using policy::vanishing;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

process_manager::process_manager(host& host, manager_options options)
    : implementation_(std::make_unique<implementation>(host, std::move(options))) {}

process_manager::~process_manager() {
  (void)tell_stopping();
  implementation_->stop_all(std::nullopt);
}

result<> process_manager::tell_ready() { return implementation_->own_supervisor_.tell_ready(); }
result<> process_manager::tell_stopping() { return implementation_->own_supervisor_.tell_stopping(); }

result<pid_t> process_manager::start_worker(std::string_view class_name, std::string name, boost::json::object options,
                                            start_options how) {
  // A program is started by start_command: an empty class name is one that does not exist.
  if (class_name.empty()) return fail("cannot start '" + name + "': this program has no worker class ''");
  auto worker = implementation_->definition(
      {std::move(name), std::string(class_name), std::move(options), {}, std::move(how), {}});
  if (!worker) return std::unexpected(worker.error());
  return implementation_->start(std::move(*worker));
}

result<pid_t> process_manager::start_command(std::string name, std::vector<std::string> argv, start_options how) {
  auto worker = implementation_->definition(program_of(std::move(name), std::move(argv), std::move(how)));
  if (!worker) return std::unexpected(worker.error());
  return implementation_->start(std::move(*worker));
}

result<> process_manager::wait_ready(std::string_view name, milliseconds timeout) {
  const auto until = policy::after(steady_clock::now(), timeout);
  auto ready = implementation_->ask<result<>>([core = &implementation_->core_, name = std::string(name),
                                               until](auto answer) { core->wait_ready(name, until, answer); });
  return wait_for<result<>>(
      ready, until,
      fail(std::errc::timed_out, "'" + std::string(name) + "' was not ready within " + supervisor::to_text(timeout)));
}

stop_outcome process_manager::stop_process(std::string_view name, milliseconds timeout) {
  const auto now = steady_clock::now();
  const auto deadline = policy::after(now, timeout);
  auto stopped = implementation_->stop(std::string(name), now, deadline);
  auto outcome = wait_for<stop_outcome>(
      stopped, deadline + vanishing,
      {.name = std::string(name), .how = stop_outcome::killed, .took = timeout + vanishing, .exit = {}});
  implementation_->flush_output();
  return outcome;
}

std::vector<stop_outcome> process_manager::stop_all(milliseconds timeout) { return implementation_->stop_all(timeout); }

std::vector<stop_outcome> process_manager::stop_pipeline() { return implementation_->stop_all(std::nullopt); }

result<pid_t> process_manager::restart_worker(std::string_view name) {
  const auto& view = implementation_->directory_.find(name);
  const auto patience = view ? view->stop_timeout + view->start_timeout + vanishing : vanishing;
  auto restarted = implementation_->ask<result<pid_t>>([core = &implementation_->core_, name = std::string(name)](
                                                           auto answer) { core->restart(name, "program", answer); });
  return wait_for<result<pid_t>>(restarted, policy::after(steady_clock::now(), patience),
                                 fail(std::errc::timed_out, "cannot restart '" + std::string(name) + "'"));
}

result<pid_t> process_manager::start_process(std::string_view name) {
  const auto& view = implementation_->directory_.find(name);
  const auto patience = view ? view->stop_timeout + view->start_timeout + vanishing : vanishing;
  auto started = implementation_->ask<result<pid_t>>(
      [core = &implementation_->core_, name = std::string(name)](auto answer) { core->start_again(name, answer); });
  return wait_for<result<pid_t>>(started, policy::after(steady_clock::now(), patience),
                                 fail(std::errc::timed_out, "cannot start '" + std::string(name) + "'"));
}

result<> process_manager::signal_process(std::string_view name, int signal) {
  return implementation_
      ->ask<result<>>([core = &implementation_->core_, name = std::string(name), signal](auto answer) {
        answer(core->signal(name, signal, "program"));
      })
      .get();
}

worker_status process_manager::get_status(std::string_view name) const {
  const auto view = implementation_->directory_.find(name);
  return view ? supervisor::status_of(*view, steady_clock::now()) : worker_status{};
}

std::vector<worker_status> process_manager::get_all_status() const {
  std::vector<worker_status> all;
  for (const auto& view : implementation_->directory_.all())
    all.push_back(supervisor::status_of(*view, steady_clock::now()));
  return all;
}

std::vector<exit_record> process_manager::exit_records(std::string_view name) const {
  const auto view = implementation_->directory_.find(name);
  std::vector<exit_record> records;
  if (view)
    for (const auto& one : view->exits) records.push_back(*one);
  return records;
}

std::vector<queue_status> process_manager::get_queues() const {
  return implementation_
      ->ask<std::vector<queue_status>>([core = &implementation_->core_](auto answer) { answer(core->queues()); })
      .get();
}

bool process_manager::forget(std::string_view name) {
  return implementation_
      ->ask<bool>(
          [core = &implementation_->core_, name = std::string(name)](auto answer) { answer(core->forget(name)); })
      .get();
}

}  // namespace lineshaft
