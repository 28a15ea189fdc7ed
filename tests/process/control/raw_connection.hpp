#pragma once
// Bytes to a control server, as no client of good manners would send them.
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "lineshaft/unique_fd.hpp"

namespace control_tests {

class raw_connection {
 public:
  static raw_connection to(const std::string& socket) {
    sockaddr_un where{};
    where.sun_family = AF_UNIX;
    std::strncpy(where.sun_path, socket.c_str(), sizeof where.sun_path - 1);
    return raw_connection(AF_UNIX, &where, sizeof where);
  }
  static raw_connection to(std::uint16_t port) {
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_port = htons(port);
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return raw_connection(AF_INET, &where, sizeof where);
  }

  bool is_connected() const { return static_cast<bool>(socket_); }
  void send(std::string_view text) const {
    while (!text.empty()) {
      const auto sent = ::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  /// What comes until `end` is in it, or the server hangs up, or nothing comes for a long time.
  std::string read_until(std::string_view end) const {
    std::string got;
    char block[4096];
    while (got.find(end) == std::string::npos) {
      if (!comes_something()) return got + " (and no more)";
      const auto size = ::recv(socket_.get(), block, sizeof block, 0);
      if (size <= 0) return got;
      got.append(block, static_cast<std::size_t>(size));
    }
    return got;
  }
  /// Everything until the server hangs up.
  std::string read_all() const { return read_until(std::string_view("\0there is no such thing\0", 24)); }
  std::string ask(std::string_view text) const {
    send(text);
    return read_until("}\n");
  }
  void shut() { socket_.reset(); }

 private:
  raw_connection(int family, const void* where, socklen_t size)
      : socket_(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (::connect(socket_.get(), static_cast<const sockaddr*>(where), size) != 0) socket_.reset();
  }
  bool comes_something() const {
    pollfd one{socket_.get(), POLLIN, 0};
    return ::poll(&one, 1, 60'000) > 0;
  }

  lineshaft::unique_fd socket_;
};

}  // namespace control_tests
