#include "channel/packet.hpp"

#include "base/expects.hpp"
#include "channel/stored.hpp"

namespace lineshaft::channel {
namespace {

// Well below the smallest default socket buffer (net.core.wmem_default, 208 KiB), with room for others.
constexpr std::size_t inline_limit = 16 * 1024;
constexpr std::byte is_inline{0}, is_stored{1};

packet fetch_stored(packet received) {
  received.bytes.clear();
  received.truncated = received.truncated || received.descriptors.empty();
  if (received.truncated) return received;
  auto bytes = fetch(received.descriptors.front().get());
  // The packet has come and cannot be read here and now: that says nothing of the peer, which an error would.
  received.truncated = !bytes;
  if (bytes) received.bytes = std::move(*bytes);
  received.descriptors.erase(received.descriptors.begin());
  return received;
}

}  // namespace

std::vector<int> numbers_of(const std::vector<unique_fd>& descriptors) {
  std::vector<int> numbers;
  for (const auto& fd : descriptors) numbers.push_back(fd.get());
  return numbers;
}

result<> send_packet(int socket, std::span<const std::byte> bytes, std::span<const int> descriptors) {
  const auto what = pack(bytes, {});
  if (!what) return std::unexpected(what.error());
  auto all = numbers_of(what->descriptors);
  all.insert(all.end(), descriptors.begin(), descriptors.end());
  return sys::sendmsg(socket, what->bytes, all);
}

result<packed> pack(std::span<const std::byte> bytes, std::vector<unique_fd> descriptors) {
  if (bytes.size() <= inline_limit) return packed{framed(bytes), std::move(descriptors)};
  auto file = store(bytes);
  if (!file) return std::unexpected(file.error());
  descriptors.insert(descriptors.begin(), std::move(*file));
  return packed{{is_stored}, std::move(descriptors)};
}

result<> send_packed(int socket, const packed& what) {
  return sys::sendmsg(socket, what.bytes, numbers_of(what.descriptors));
}

std::vector<std::byte> framed(std::span<const std::byte> bytes) {
  expects(bytes.size() <= inline_limit, "what is kept must be sent as it is");
  std::vector<std::byte> packet;
  packet.reserve(bytes.size() + 1);
  packet.push_back(is_inline);
  packet.insert(packet.end(), bytes.begin(), bytes.end());
  return packet;
}

result<packet> receive_packet(int socket) {
  auto received = sys::recvmsg(socket, inline_limit + 1);
  if (!received || received->bytes.empty()) return received;
  if (received->bytes.front() == is_stored) return fetch_stored(std::move(*received));
  received->bytes.erase(received->bytes.begin());
  return received;
}

}  // namespace lineshaft::channel
