#include <boost/asio/any_completion_handler.hpp>
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

asio::awaitable<result<held_queue>> worker_context::open_queue(std::string_view name, queue_role role) {
  // The answer always comes: from the manager, or when the manager's end of the channel closes.
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(result<held_queue>)>(
      [state = state_, name = std::string(name), role](auto handler) {
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        state->ask_for_queue(name, role, [state, shared](result<held_queue> answer) {
          auto keep = std::make_shared<result<held_queue>>(std::move(answer));
          asio::post(state->executor, [shared, keep] { std::move (*shared)(std::move(*keep)); });
        });
      },
      asio::use_awaitable);
}

}  // namespace lineshaft
