#pragma once
// Waiting on the control server's thread for what the supervisor answers on its own.
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <memory>
#include <optional>

namespace lineshaft::control {

/// It answers in microseconds, or something is wrong with it.
inline constexpr std::chrono::milliseconds supervisor_patience = std::chrono::seconds(2);

/// `ask(answered)` is called at once, `answered` once or never, by any thread, also after all this is gone. Nothing
/// if the answer does not come in time, or the wait is cancelled.
template <class T, class Ask>
boost::asio::awaitable<std::optional<T>> answer_of(std::weak_ptr<boost::asio::io_context> loop,
                                                   std::chrono::milliseconds patience, Ask ask) {
  struct waiting {
    boost::asio::steady_timer arrived;
    std::optional<T> value;
  };
  auto here =
      std::make_shared<waiting>(waiting{boost::asio::steady_timer(co_await boost::asio::this_coro::executor), {}});
  here->arrived.expires_after(patience);
  ask([loop, weak = std::weak_ptr(here)](T value) {
    const auto alive = loop.lock();
    if (!alive) return;
    boost::asio::post(*alive, [weak, value = std::move(value)]() mutable {
      const auto waits = weak.lock();
      if (!waits) return;
      waits->value = std::move(value);
      waits->arrived.cancel();
    });
  });
  co_await here->arrived.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
  co_return std::move(here->value);
}

}  // namespace lineshaft::control
