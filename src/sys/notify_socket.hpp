#pragma once
// Datagrams between processes of one machine that say who sent them: unix(7), sd_notify(3).
#include <sys/types.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "lineshaft/error.hpp"
#include "lineshaft/unique_fd.hpp"

namespace lineshaft::sys {

struct notify_socket {
  unique_fd socket;     ///< non-blocking, close-on-exec; each datagram comes with its sender's credentials
  std::string address;  ///< as NOTIFY_SOCKET has it: "@…", an abstract name that nobody can guess
};

result<notify_socket> bind_notify_socket();

struct datagram {
  std::string text;
  bool truncated = false;
  pid_t sender = 0;                    ///< by the kernel's word; 0: outside this pid namespace, or not known
  unique_fd sender_handle;             ///< its pidfd, where the kernel gives one (Linux 6.5)
  std::vector<unique_fd> descriptors;  ///< closed with it, which is what BARRIER=1 waits for
};

/// "Try again" (sys::would_block) when there is none.
result<datagram> receive_datagram(int socket, std::size_t limit);

/// To a socket named as in NOTIFY_SOCKET. Waits for room no longer than `patience`; 0: not at all.
result<> send_datagram(const std::string& address, std::string_view text, std::chrono::milliseconds patience);

}  // namespace lineshaft::sys
