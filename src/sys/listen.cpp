#include "sys/listen.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

#include "sys/error.hpp"
#include "sys/fault.hpp"

namespace lineshaft::sys {
namespace {

template <class Address>
std::vector<std::byte> bytes_of(const Address& address) {
  std::vector<std::byte> bytes(sizeof address);
  std::memcpy(bytes.data(), &address, sizeof address);
  return bytes;
}

const sockaddr* address_of(const endpoint& where) { return reinterpret_cast<const sockaddr*>(where.address.data()); }

socklen_t size_of(const endpoint& where) { return static_cast<socklen_t>(where.address.size()); }

result<unique_fd> open_socket(const endpoint& where) {
  if (auto ec = injected("socket")) return fail(ec, "cannot make a socket");
  unique_fd made(::socket(where.family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!made) return fail(last_error(), "cannot make a socket");
  return made;
}

// A file that is no socket refuses a connection in the same way.
bool nobody_listens(const endpoint& where) {
  struct stat file{};
  if (::lstat(where.path.c_str(), &file) != 0 || !S_ISSOCK(file.st_mode)) return false;
  const unique_fd probe(::socket(where.family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  return probe && ::connect(probe.get(), address_of(where), size_of(where)) < 0 && errno == ECONNREFUSED;
}

}  // namespace

endpoint tcp_endpoint(const std::array<unsigned char, 4>& address, std::uint16_t port) {
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(port);
  std::memcpy(&where.sin_addr, address.data(), address.size());
  return {AF_INET, bytes_of(where), {}};
}

endpoint tcp_endpoint(const std::array<unsigned char, 16>& address, std::uint16_t port) {
  sockaddr_in6 where{};
  where.sin6_family = AF_INET6;
  where.sin6_port = htons(port);
  std::memcpy(&where.sin6_addr, address.data(), address.size());
  return {AF_INET6, bytes_of(where), {}};
}

result<endpoint> unix_endpoint(const std::string& path) {
  sockaddr_un where{};
  where.sun_family = AF_UNIX;
  if (path.size() >= sizeof where.sun_path) {
    return fail(std::errc::filename_too_long, "cannot listen at 'unix:" + path + "'");
  }
  std::memcpy(where.sun_path, path.data(), path.size());
  return endpoint{AF_UNIX, bytes_of(where), path};
}

result<unique_fd> listen(const endpoint& where, mode_t mode) {
  auto socket = open_socket(where);
  if (!socket) return socket;
  // Of a socket that is not bound yet, the mode becomes that of the file.
  if (where.family == AF_UNIX && ::fchmod(socket->get(), mode) < 0) {
    return fail(last_error(), "cannot set the mode of a socket");
  }
  const int yes = 1;
  // A manager that comes back must not wait until the last one's connections have timed out.
  if (where.family != AF_UNIX) ::setsockopt(socket->get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (::bind(socket->get(), address_of(where), size_of(where)) < 0) {
    const auto in_use = last_error();
    if (where.path.empty() || in_use != std::errc::address_in_use || !nobody_listens(where)) {
      return fail(in_use, "cannot bind a socket");
    }
    remove_socket_file(where);
    if (::bind(socket->get(), address_of(where), size_of(where)) < 0) return fail(last_error(), "cannot bind a socket");
  }
  if (::listen(socket->get(), SOMAXCONN) < 0) return fail(last_error(), "cannot listen at a socket");
  return socket;
}

result<> open_to_everybody(const endpoint& where) {
  if (::chmod(where.path.c_str(), 0666) < 0) return fail(last_error(), "cannot open '" + where.path + "' to others");
  return {};
}

std::uint16_t port_of(int socket) noexcept {
  sockaddr_storage where{};
  socklen_t size = sizeof where;
  if (::getsockname(socket, reinterpret_cast<sockaddr*>(&where), &size) < 0) return 0;
  if (where.ss_family == AF_INET) return ntohs(reinterpret_cast<const sockaddr_in&>(where).sin_port);
  if (where.ss_family == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6&>(where).sin6_port);
  return 0;
}

void remove_socket_file(const endpoint& where) noexcept {
  if (!where.path.empty()) ::unlink(where.path.c_str());
}

}  // namespace lineshaft::sys
