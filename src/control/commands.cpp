#include "control/commands.hpp"

#include "policy/moments.hpp"
#include "status/block_reader.hpp"
#include "supervisor/manager.hpp"

namespace lineshaft::control {
using std::chrono::milliseconds;
using std::chrono::steady_clock;

void commands::start(std::string name, on_answer<result<pid_t>> answered) {
  manager_.implementation_->post([name = std::move(name), answered = std::move(answered)](
                                     supervisor::supervisor& core) { core.start_again(name, answered); });
}

void commands::stop(std::string name, std::optional<milliseconds> timeout, std::string by,
                    on_answer<stop_outcome> answered) {
  const auto view = manager_.implementation_->directory_.find(name);
  const auto budget = timeout ? *timeout : view ? view->stop_timeout : milliseconds(0);
  const auto now = steady_clock::now();
  manager_.implementation_->post(
      [name = std::move(name), request = supervisor::stop_request{now, policy::after(now, budget), std::move(by)},
       answered = std::move(answered)](supervisor::supervisor& core) { core.stop(name, request, answered); });
}

void commands::stop_some(std::vector<std::string> names, std::optional<milliseconds> timeout, std::string by,
                         on_answer<std::vector<stop_outcome>> answered) {
  const auto now = steady_clock::now();
  const auto deadline = timeout ? std::optional(policy::after(now, *timeout)) : std::nullopt;
  manager_.implementation_->post([names = std::move(names), now, deadline, by = std::move(by),
                                  answered = std::move(answered)](supervisor::supervisor& core) {
    core.stop_some(names, now, deadline, by, answered);
  });
}

void commands::stop_all(std::optional<milliseconds> timeout, std::string by,
                        on_answer<std::vector<stop_outcome>> answered) {
  const auto now = steady_clock::now();
  const auto deadline = timeout ? std::optional(policy::after(now, *timeout)) : std::nullopt;
  manager_.implementation_->post([now, deadline, by = std::move(by), answered = std::move(answered)](
                                     supervisor::supervisor& core) { core.stop_all(now, deadline, by, answered); });
}

void commands::restart(std::string name, std::string by, on_answer<result<pid_t>> answered) {
  manager_.implementation_->post([name = std::move(name), by = std::move(by), answered = std::move(answered)](
                                     supervisor::supervisor& core) { core.restart(name, by, answered); });
}

void commands::restart_rolling(std::string family, std::string by, on_answer<result<>> answered) {
  manager_.implementation_->post([family = std::move(family), by = std::move(by), answered = std::move(answered)](
                                     supervisor::supervisor& core) { core.restart_rolling(family, {}, by, answered); });
}

void commands::scale(std::string family, std::uint32_t replicas, std::string by, on_answer<result<>> answered) {
  manager_.implementation_->post(
      [family = std::move(family), replicas, by = std::move(by),
       answered = std::move(answered)](supervisor::supervisor& core) { core.scale(family, replicas, by, answered); });
}

void commands::signal(std::string name, int number, std::string by, on_answer<result<>> answered) {
  manager_.implementation_->post([name = std::move(name), number, by = std::move(by), answered = std::move(answered)](
                                     supervisor::supervisor& core) { answered(core.signal(name, number, by)); });
}

void commands::queues(on_answer<std::vector<queue_status>> answered) {
  manager_.implementation_->post(
      [answered = std::move(answered)](supervisor::supervisor& core) { answered(core.queues()); });
}

std::optional<known_worker> commands::find(const std::string& name) const {
  const auto view = manager_.implementation_->directory_.find(name);
  if (!view) return std::nullopt;
  return known_worker{supervisor::status_of(*view, steady_clock::now()), view->place};
}

std::vector<known_worker> commands::all() const {
  const auto views = manager_.implementation_->directory_.all();
  std::vector<known_worker> all;
  all.reserve(views.size());
  for (const auto& view : views) {
    all.push_back({supervisor::status_of(*view, steady_clock::now()), view->place});
  }
  return all;
}

void commands::wait_end(on_answer<pipeline_end> answered) {
  manager_.implementation_->post(
      [answered = std::move(answered)](supervisor::supervisor& core) { core.wait_end(answered); });
}

void commands::learn_help(std::map<std::string, std::string>& known) const {
  for (const auto& view : manager_.implementation_->directory_.all()) {
    if (view->block) status::read_help(view->block->bytes(), known);
  }
}

output::recent_lines& commands::output() { return manager_.implementation_->outputs_.recent(); }

std::string commands::log_dir() const { return manager_.implementation_->outputs_.log_dir(); }

void commands::is_there(on_answer<bool> answered) {
  manager_.implementation_->post([answered = std::move(answered)](supervisor::supervisor&) { answered(true); });
}

}  // namespace lineshaft::control
