#pragma once
// Who is at the other end of a Unix socket: SO_PEERCRED, unix(7).
#include <sys/types.h>

#include "lineshaft/error.hpp"

namespace lineshaft::sys {

/// As it was when the peer connected.
struct peer_credentials {
  pid_t pid;
  uid_t uid;
  gid_t gid;
};

result<peer_credentials> peer_of(int socket);

}  // namespace lineshaft::sys
