#pragma once
// Spans around coroutines: `co_await with_span("compute", compute())`.
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "lineshaft/scoped_executor.hpp"
#include "lineshaft/span.hpp"

namespace lineshaft {

namespace detail {

/// Has an OpenTelemetry context current while each of its handlers runs.
using context_executor = scoped_executor<opaque_scope, std::shared_ptr<const void>, boost::asio::any_io_executor>;

}  // namespace detail

/// Runs `work` inside a span: it is the current one for that coroutine and everything that it awaits, on this
/// coroutine's executor, however often it suspends and whatever else runs meanwhile. What it throws is recorded, and
/// thrown on.
template <class T>
boost::asio::awaitable<T> with_span(std::string name, boost::asio::awaitable<T> work, span_options options = {}) {
  const auto outer = co_await boost::asio::this_coro::executor;
  span around(name, options);
  boost::asio::any_io_executor inner = detail::context_executor(outer, around.opentelemetry_context());
  try {
    if constexpr (std::is_void_v<T>) {
      co_await boost::asio::co_spawn(inner, std::move(work), boost::asio::use_awaitable);
      around.end();
      // Posted: the coroutine that waits would else go on inside the last step of `work`, under its span.
      co_await boost::asio::post(outer, boost::asio::use_awaitable);
      co_return;
    } else {
      auto value = co_await boost::asio::co_spawn(inner, std::move(work), boost::asio::use_awaitable);
      around.end();
      co_await boost::asio::post(outer, boost::asio::use_awaitable);
      co_return value;
    }
  } catch (...) {
    around.fail(std::current_exception());
    throw;
  }
}

}  // namespace lineshaft
