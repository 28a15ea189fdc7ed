#pragma once
// Packets of any size over a SOCK_SEQPACKET socket. One beyond what a socket surely takes travels in a
// sealed memfd, of which only the descriptor is sent. No Asio here: the fork server has none.
#include <cstddef>
#include <span>
#include <vector>

#include "lineshaft/error.hpp"
#include "sys/socket.hpp"

namespace lineshaft::channel {

using sys::packet;

std::vector<int> numbers_of(const std::vector<unique_fd>& descriptors);
/// "Try again" (sys::would_block) when the peer's buffer is full; nothing was sent then. More than `longest_stored`
/// bytes is an error.
result<> send_packet(int socket, std::span<const std::byte> bytes, std::span<const int> descriptors = {});
/// What `send_packet` hands to the socket, for one that has to wait: the bytes are in their file already, so that later
/// nothing can be lacking but room.
struct packed {
  std::vector<std::byte> bytes;
  std::vector<unique_fd> descriptors;
};
result<packed> pack(std::span<const std::byte> bytes, std::vector<unique_fd> descriptors);
result<> send_packed(int socket, const packed& what);
/// The packet that `send_packet` sends for these bytes, to be kept and sent later (sys::send_now). At most 16 KiB.
std::vector<std::byte> framed(std::span<const std::byte> bytes);
/// An empty packet that is not truncated is the end: the peer is gone. One whose bytes cannot be read, whatever the
/// peer has done to it, is empty and truncated.
result<packet> receive_packet(int socket);

}  // namespace lineshaft::channel
