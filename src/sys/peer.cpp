#include "sys/peer.hpp"

#include <sys/socket.h>

#include "sys/error.hpp"
#include "sys/fault.hpp"

namespace lineshaft::sys {

result<peer_credentials> peer_of(int socket) {
  if (auto ec = injected("getsockopt")) return fail(ec, "cannot tell who is at the other end of a socket");
  ::ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0) {
    return fail(last_error(), "cannot tell who is at the other end of a socket");
  }
  return peer_credentials{peer.pid, peer.uid, peer.gid};
}

}  // namespace lineshaft::sys
