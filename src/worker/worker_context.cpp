#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>

#include "lineshaft/worker.hpp"
#include "worker/context_state.hpp"

namespace lineshaft {
namespace asio = boost::asio;

asio::awaitable<void> worker::stop() { co_return; }

std::string_view worker_context::name() const { return state_->image.name; }
std::uint32_t worker_context::generation() const { return state_->image.generation; }
asio::any_io_executor worker_context::executor() const { return state_->executor; }
bool worker_context::running() const { return state_->running; }
worker_metrics& worker_context::metrics() { return state_->metrics; }

void worker_context::ready() {
  if (state_->image.ready != ready_when::notify) return;
  state_->tell(channel::ready{});
}

void worker_context::unready() {
  if (state_->image.ready != ready_when::notify) return;
  state_->tell(channel::unready{});
}

void worker_context::finish() { state_->finish(); }

namespace {

using descriptors = result<std::vector<unique_fd>>;

/// The answer always comes: from the manager, or when the manager's end of the channel closes.
template <class Ask>
asio::awaitable<descriptors> ask(runtime::context_state& state, Ask ask) {
  return asio::async_initiate<const asio::use_awaitable_t<>, void(descriptors)>(
      [&state, ask = std::move(ask)](auto handler) {
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        ask([&state, shared](descriptors answer) {
          auto keep = std::make_shared<descriptors>(std::move(answer));
          // On the coroutine's own executor, which may bring a context along (tracing.hpp).
          asio::post(asio::get_associated_executor(*shared, state.executor),
                     [shared, keep] { std::move (*shared)(std::move(*keep)); });
        });
      },
      asio::use_awaitable);
}

error lost_on_the_way(const std::string& what) {
  return {std::make_error_code(std::errc::too_many_files_open), "cannot open " + what};
}

}  // namespace

asio::awaitable<result<held_queue>> worker_context::open_queue(std::string_view name, queue_role role) {
  auto* state = state_;
  std::string queue(name);
  auto answer =
      co_await ask(*state, [state, queue, role](auto opened) { state->ask_for_queue(queue, role, std::move(opened)); });
  if (!answer) co_return std::unexpected(answer.error());
  if (answer->size() != 2) co_return std::unexpected(lost_on_the_way("a held queue"));
  co_return held_queue{std::move((*answer)[0]), std::move((*answer)[1])};
}

asio::awaitable<result<unique_fd>> worker_context::listen(std::string_view endpoint) {
  auto* state = state_;
  std::string where(endpoint);
  auto answer = co_await ask(*state, [state, where](auto opened) { state->ask_for_socket(where, std::move(opened)); });
  if (!answer) co_return std::unexpected(answer.error());
  if (answer->size() != 1) co_return std::unexpected(lost_on_the_way("'" + where + "'"));
  co_return std::move((*answer)[0]);
}

}  // namespace lineshaft
