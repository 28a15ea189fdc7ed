#pragma once
// Spans around coroutines: `co_await with_span("compute", compute())`.
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include "lineshaft/scoped_executor.hpp"
#include "lineshaft/span.hpp"

namespace lineshaft {

namespace detail {

/// Has an OpenTelemetry context current while each of its handlers runs.
using context_executor = scoped_executor<opaque_scope, std::shared_ptr<const void>, boost::asio::any_io_executor>;

}  // namespace detail

/// Runs `work` inside a span: it is the current one for that coroutine and everything that it awaits, on this
/// coroutine's executor, however often it suspends and whatever else runs meanwhile. What it throws is recorded, and
/// thrown on; to be cancelled is no failure. What `work` has done to its end is not lost to a cancellation that comes
/// meanwhile: that hits what the caller awaits next.
template <class T>
boost::asio::awaitable<T> with_span(std::string name, boost::asio::awaitable<T> work, span_options options = {}) {
  const auto outer = co_await boost::asio::this_coro::executor;
  span around(name, options);
  boost::asio::any_io_executor inner = detail::context_executor(outer, around.opentelemetry_context());
  std::exception_ptr thrown;
  std::optional<std::conditional_t<std::is_void_v<T>, std::monostate, T>> value;
  try {
    if constexpr (std::is_void_v<T>) {
      co_await boost::asio::co_spawn(inner, std::move(work), boost::asio::use_awaitable);
    } else {
      value.emplace(co_await boost::asio::co_spawn(inner, std::move(work), boost::asio::use_awaitable));
    }
  } catch (const boost::system::system_error& problem) {
    thrown = std::current_exception();
    if (problem.code() != boost::asio::error::operation_aborted) around.fail(thrown);
  } catch (...) {
    thrown = std::current_exception();
    around.fail(thrown);
  }
  around.end();
  // Posted: the coroutine that waits would else go on inside the last step of `work`, under its span.
  const bool throws = co_await boost::asio::this_coro::throw_if_cancelled();
  co_await boost::asio::this_coro::throw_if_cancelled(false);
  co_await boost::asio::post(outer, boost::asio::use_awaitable);
  co_await boost::asio::this_coro::throw_if_cancelled(throws);
  if (thrown) std::rethrow_exception(thrown);
  if constexpr (!std::is_void_v<T>) co_return std::move(*value);
}

}  // namespace lineshaft
