#pragma once
// Packets of any size over a SOCK_SEQPACKET socket. One beyond what a socket surely takes travels in a
// sealed memfd, of which only the descriptor is sent. No Asio here: the fork server has none.
#include <cstddef>
#include <span>

#include "lineshaft/error.hpp"
#include "sys/socket.hpp"

namespace lineshaft::channel {

using sys::packet;

/// "Try again" (sys::would_block) when the peer's buffer is full; nothing was sent then.
result<> send_packet(int socket, std::span<const std::byte> bytes, std::span<const int> descriptors = {});
/// An empty packet is the end: the peer is gone.
result<packet> receive_packet(int socket);

}  // namespace lineshaft::channel
