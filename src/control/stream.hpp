#pragma once
// The body of an answer that goes on: server-sent events (HTML Standard, 9.2).
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <string>

namespace lineshaft::control {

/// On the control server's thread alone.
class stream {
 public:
  virtual ~stream() = default;
  /// What is new, as server-sent events. Waits for it, but no longer than `patience`: then, and when it is woken, it
  /// may be empty.
  virtual boost::asio::awaitable<std::string> next(std::chrono::milliseconds patience) = 0;
  virtual void wake() = 0;
};

}  // namespace lineshaft::control
