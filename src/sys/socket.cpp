#include "sys/socket.hpp"

#include <sys/socket.h>

#include <cstring>
#include <memory>

#include "base/expects.hpp"
#include "sys/error.hpp"
#include "sys/fault.hpp"

namespace lineshaft::sys {
namespace {

constexpr std::size_t most_descriptors = 32;

void collect(const msghdr& header, packet& into) {
  for (auto* part = CMSG_FIRSTHDR(&header); part != nullptr; part = CMSG_NXTHDR(const_cast<msghdr*>(&header), part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
    const auto count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t index = 0; index < count; ++index) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(part) + index * sizeof(int), sizeof fd);
      into.descriptors.emplace_back(fd);
    }
  }
}

}  // namespace

result<socket_pair> socketpair() {
  if (auto ec = injected("socketpair")) return fail(ec, "cannot make a socket pair");
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) < 0) {
    return fail(last_error(), "cannot make a socket pair");
  }
  return socket_pair{unique_fd{ends[0]}, unique_fd{ends[1]}};
}

result<> sendmsg(int socket, std::span<const std::byte> bytes, std::span<const int> descriptors) {
  expects(descriptors.size() <= most_descriptors, "a packet carries at most 32 descriptors");
  if (auto ec = injected("sendmsg")) return fail(ec, "cannot send a packet");
  iovec part{const_cast<std::byte*>(bytes.data()), bytes.size()};
  alignas(cmsghdr) std::byte control[CMSG_SPACE(most_descriptors * sizeof(int))] = {};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  if (!descriptors.empty()) {
    header.msg_control = control;
    header.msg_controllen = CMSG_SPACE(descriptors.size_bytes());
    auto* rights = CMSG_FIRSTHDR(&header);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(descriptors.size_bytes());
    std::memcpy(CMSG_DATA(rights), descriptors.data(), descriptors.size_bytes());
  }
  for (;;) {
    if (::sendmsg(socket, &header, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0) return {};
    if (errno != EINTR) return fail(last_error(), "cannot send a packet");
  }
}

bool send_now(int socket, std::span<const std::byte> bytes) noexcept {
  return ::send(socket, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL) == std::ssize(bytes);
}

result<packet> recvmsg(int socket, std::size_t limit) {
  if (auto ec = injected("recvmsg")) return fail(ec, "cannot receive a packet");
  packet received;
  // Not filled with zeros: of so much memory a packet mostly needs a page, and in a young worker each page is a fault.
  const auto buffer = std::make_unique_for_overwrite<std::byte[]>(limit);
  iovec part{buffer.get(), limit};
  alignas(cmsghdr) std::byte control[CMSG_SPACE(most_descriptors * sizeof(int))];
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  header.msg_control = control;
  header.msg_controllen = sizeof control;
  for (;;) {
    const auto size = ::recvmsg(socket, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    // A peer that left without reading everything is told once as ECONNRESET, before what it has said: that comes next.
    if (size < 0 && (errno == EINTR || errno == ECONNRESET)) continue;
    if (size < 0) return fail(last_error(), "cannot receive a packet");
    received.bytes.assign(buffer.get(), buffer.get() + size);
    break;
  }
  collect(header, received);
  received.truncated = (header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0;
  return received;
}

void widen_send_buffer(int socket, int bytes) noexcept {
  // The forced one needs CAP_NET_ADMIN; the other is capped at net.core.wmem_max.
  if (::setsockopt(socket, SOL_SOCKET, SO_SNDBUFFORCE, &bytes, sizeof bytes) == 0) return;
  ::setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
}

bool would_block(const error& why) noexcept {
  return why.code == std::errc::resource_unavailable_try_again || why.code == std::errc::operation_would_block;
}

bool is_shortage(const error& why) noexcept {
  const auto code = why.code.default_error_condition();
  return code == std::errc::not_enough_memory || code == std::errc::no_buffer_space ||
         code == std::errc::too_many_files_open || code == std::errc::too_many_files_open_in_system ||
         why.code.value() == ETOOMANYREFS;
}

}  // namespace lineshaft::sys
