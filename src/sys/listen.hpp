#pragma once
// Stream sockets that wait for connections: socket(2), bind(2), listen(2), ip(7), unix(7).
#include <sys/types.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "lineshaft/error.hpp"
#include "lineshaft/unique_fd.hpp"

namespace lineshaft::sys {

/// A socket address as the kernel takes it.
struct endpoint {
  int family = 0;
  std::vector<std::byte> address;
  std::string path;  ///< of a Unix socket
};

endpoint tcp_endpoint(const std::array<unsigned char, 4>& address, std::uint16_t port);
endpoint tcp_endpoint(const std::array<unsigned char, 16>& address, std::uint16_t port);
/// "File name too long" for more than sockaddr_un holds.
result<endpoint> unix_endpoint(const std::string& path);

/// Non-blocking, close-on-exec, with the longest backlog that the system allows. A Unix socket's file that nobody
/// listens at any more (its owner died) is replaced; one that is in use is an error. `mode` is that of a Unix socket's
/// file, less the umask, from the moment it exists.
result<unique_fd> listen(const endpoint& where, mode_t mode = 0777);
/// chmod(2) of a Unix socket's file, whatever the umask is: connecting takes the right to write.
result<> open_to_everybody(const endpoint& where);
/// getsockname(2): that of a TCP socket, where the system has chosen one; 0 if it has none.
std::uint16_t port_of(int socket) noexcept;
/// unlink(2), of a Unix socket.
void remove_socket_file(const endpoint& where) noexcept;

}  // namespace lineshaft::sys
