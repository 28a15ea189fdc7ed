#pragma once
// A port for a server of a test.
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>

namespace support {

/// One of the loopback interface that was free a moment ago.
inline std::uint16_t free_port() {
  using boost::asio::ip::tcp;
  boost::asio::io_context loop;
  return tcp::acceptor(loop, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)).local_endpoint().port();
}

}  // namespace support
