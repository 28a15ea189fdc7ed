#include "worker/context_state.hpp"

#include <utility>

#include "worker/beat_executor.hpp"

namespace lineshaft::runtime {

context_state::context_state(const channel::worker_image& worker_image, status::block_writer& writer)
    : image(worker_image),
      block(writer),
      metrics(writer),
      executor(beat_executor<boost::asio::io_context::executor_type>(loop.get_executor(), &writer)) {}

void context_state::tell(const channel::worker_message& message) {
  // A packet that cannot be sent means a manager that is gone or stuck: its end of the channel says so.
  if (manager) (void)manager->send(channel::encode(message));
}

std::uint32_t context_state::remember(on_opened answered) {
  const auto number = ++asked_;
  waiting_.emplace(number, std::move(answered));
  return number;
}

void context_state::ask_for_queue(std::string_view name, queue_role role, on_opened answered) {
  const auto number = remember(std::move(answered));
  if (!manager) return manager_gone();
  tell(channel::open_queue{number, role, std::string(name)});
}

void context_state::ask_for_socket(std::string_view endpoint, on_opened answered) {
  const auto number = remember(std::move(answered));
  if (!manager) return manager_gone();
  tell(channel::open_socket{number, std::string(endpoint)});
}

void context_state::held_opened(const channel::opened& answer, std::vector<unique_fd> descriptors) {
  auto asked = waiting_.extract(answer.number);
  if (asked.empty()) return;
  if (!answer.problem.empty()) return asked.mapped()(fail(answer.problem));
  asked.mapped()(std::move(descriptors));
}

void context_state::manager_gone() {
  manager.reset();
  for (auto& [number, answered] : std::exchange(waiting_, {})) {
    answered(fail(std::errc::connection_reset, "cannot open what the manager holds: it is gone"));
  }
}

}  // namespace lineshaft::runtime
