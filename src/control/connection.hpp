#pragma once
// One connection of a client, from its first byte to its last: HTTP/1.1, one request after the other.
#include <boost/asio/awaitable.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <chrono>

#include "control/access.hpp"
#include "control/limits.hpp"
#include "control/service.hpp"
#include "control/stream.hpp"

namespace lineshaft::control {

using stream_socket = boost::asio::generic::stream_protocol::socket;

/// What is known of a connection from outside of it.
struct connection {
  using stream_type = boost::beast::basic_stream<boost::asio::generic::stream_protocol>;

  connection(stream_socket socket, entrance came) : stream(std::move(socket)), by(came) {}

  stream_type stream;
  entrance by;
  role may = role::nobody;  ///< at the Unix socket
  std::string who = "api";  ///< as the kernel knows it, at the Unix socket
  bool answering = false;   ///< a request is being worked on
  bool ending = false;      ///< no further request is read, and a stream ends
  std::shared_ptr<control::stream> telling;
  std::chrono::steady_clock::time_point silent_since = std::chrono::steady_clock::now();

  bool idle() const { return !answering && !ending; }
  /// What waits for the client ends, and so does a stream; what is being answered otherwise does not.
  void hang_up();
};

/// Returns when the connection is over. Both outlive it.
boost::asio::awaitable<void> serve(connection& with, service& ours, const access_rules& rules, const limits& most);

}  // namespace lineshaft::control
