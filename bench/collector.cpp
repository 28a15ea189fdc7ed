#include "collector.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cstdlib>

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

namespace bench {

namespace asio = boost::asio;
namespace http = boost::beast::http;

namespace {

// One request a connection: what our exporters send.
void answer(asio::ip::tcp::socket peer) {
  boost::system::error_code ec;
  boost::beast::flat_buffer buffer;
  http::request_parser<http::string_body> request;
  request.body_limit(std::uint64_t{64} << 20);
  http::read(peer, buffer, request, ec);
  if (ec) return;
  http::response<http::empty_body> fine(http::status::ok, request.get().version());
  fine.keep_alive(false);
  fine.prepare_payload();
  http::write(peer, fine, ec);
}

}  // namespace

collector::collector() {
  listening_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{.sin_family = AF_INET, .sin_port = 0, .sin_addr = {htonl(INADDR_LOOPBACK)}, .sin_zero = {}};
  socklen_t size = sizeof address;
  if (::bind(listening_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listening_, 512) != 0)
    std::abort();
  ::getsockname(listening_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

collector::~collector() {
  ::shutdown(listening_, SHUT_RDWR);
  thread_.join();
  ::close(listening_);
}

void collector::serve() {
  asio::io_context loop;
  for (;;) {
    const int peer = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
    if (peer < 0) return;
    answer({loop, asio::ip::tcp::v4(), peer});
  }
}

}  // namespace bench
