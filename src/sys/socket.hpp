#pragma once
// Unix socket pairs that keep packets whole and carry descriptors: unix(7).
#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "lineshaft/error.hpp"
#include "lineshaft/unique_fd.hpp"

namespace lineshaft::sys {

using socket_pair = std::array<unique_fd, 2>;

/// socketpair(2): SOCK_SEQPACKET, non-blocking, close-on-exec.
result<socket_pair> socketpair();

/// One packet with the descriptors that came along.
struct packet {
  std::vector<std::byte> bytes;
  std::vector<unique_fd> descriptors;
  bool truncated = false;  ///< the packet, or its descriptors because the table is full (MSG_CTRUNC)
};

/// sendmsg(2) with SCM_RIGHTS. `std::errc::resource_unavailable_try_again` when the peer's buffer is full.
result<> sendmsg(int socket, std::span<const std::byte> bytes, std::span<const int> descriptors = {});
/// send(2) without waiting. False if it was not sent, whyever. Async-signal-safe.
bool send_now(int socket, std::span<const std::byte> bytes) noexcept;
/// recvmsg(2) into a packet of at most `limit` bytes. A packet without bytes is the end: the peer is gone, whether it
/// had read everything or not.
result<packet> recvmsg(int socket, std::size_t limit);

/// SO_SNDBUF, socket(7): as much as this process may have, up to `bytes`.
void widen_send_buffer(int socket, int bytes) noexcept;

/// True for an error that only says "later".
bool would_block(const error&) noexcept;
/// True for what this process or machine lacks at the moment (memory, buffers, descriptors, descriptors under way):
/// it says nothing of the peer.
bool is_shortage(const error&) noexcept;

}  // namespace lineshaft::sys
