#pragma once
// Runs one coroutine to its end on an event loop that the test owns.
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>

namespace support {

/// Gives what the coroutine returns; throws what it throws. Runs everything else on the loop too, and
/// returns when the loop has nothing left to do.
template <class T>
T run(boost::asio::io_context& io, boost::asio::awaitable<T> coroutine) {
  std::optional<T> value;
  std::exception_ptr thrown;
  boost::asio::co_spawn(io, std::move(coroutine), [&](std::exception_ptr exception, T result) {
    thrown = exception;
    value = std::move(result);
  });
  io.restart();
  io.run();
  if (thrown) std::rethrow_exception(thrown);
  return std::move(value.value());
}

}  // namespace support
