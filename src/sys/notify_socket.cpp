#include "sys/notify_socket.hpp"

#include <sys/random.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cstddef>
#include <cstring>
#include <format>

#include "sys/error.hpp"
#include "sys/fault.hpp"

namespace lineshaft::sys {
namespace {

// linux/socket.h and asm/socket.h of Linux 6.5; older kernels refuse the option.
constexpr int so_passpidfd = 76;
constexpr int scm_pidfd = 4;
constexpr std::size_t most_descriptors = 16;

struct address {
  sockaddr_un name{};
  socklen_t size = 0;
};

result<address> address_of(const std::string& text) {
  address made;
  made.name.sun_family = AF_UNIX;
  if (text.size() < 2 || text.size() >= sizeof made.name.sun_path || (text[0] != '/' && text[0] != '@'))
    return fail(std::errc::invalid_argument, "cannot use '" + text + "' as a socket's address");
  std::memcpy(made.name.sun_path, text.data(), text.size());
  made.size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + text.size());
  if (text[0] == '@') {
    made.name.sun_path[0] = '\0';
  } else {
    ++made.size;
  }
  return made;
}

std::string random_address() {
  std::array<std::uint64_t, 2> name{};
  while (::getrandom(name.data(), sizeof name, 0) != sizeof name) continue;
  return std::format("@lineshaft/{:016x}{:016x}", name[0], name[1]);
}

void collect(const msghdr& header, datagram& into) {
  for (auto* part = CMSG_FIRSTHDR(&header); part != nullptr; part = CMSG_NXTHDR(const_cast<msghdr*>(&header), part)) {
    if (part->cmsg_level != SOL_SOCKET) continue;
    if (part->cmsg_type == SCM_CREDENTIALS) {
      ucred credentials{};
      std::memcpy(&credentials, CMSG_DATA(part), sizeof credentials);
      into.sender = credentials.pid;
    }
    if (part->cmsg_type != scm_pidfd && part->cmsg_type != SCM_RIGHTS) continue;
    const auto count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t at = 0; at < count; ++at) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(part) + at * sizeof fd, sizeof fd);
      if (part->cmsg_type == scm_pidfd) {
        into.sender_handle.reset(fd);
      } else {
        into.descriptors.emplace_back(fd);
      }
    }
  }
}

}  // namespace

result<notify_socket> bind_notify_socket() {
  const auto doing = [] { return std::string("cannot make a socket for notifications"); };
  if (auto ec = injected("notify_socket")) return fail(ec, doing());
  notify_socket made{unique_fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)), random_address()};
  const auto where = address_of(made.address);
  const int on = 1;
  if (!made.socket || !where || ::setsockopt(made.socket.get(), SOL_SOCKET, SO_PASSCRED, &on, sizeof on) < 0 ||
      ::bind(made.socket.get(), reinterpret_cast<const sockaddr*>(&where->name), where->size) < 0)
    return fail(last_error(), doing());
  ::setsockopt(made.socket.get(), SOL_SOCKET, so_passpidfd, &on, sizeof on);
  return made;
}

result<datagram> receive_datagram(int socket, std::size_t limit) {
  datagram received;
  received.text.resize(limit);
  iovec part{received.text.data(), limit};
  alignas(cmsghdr) std::byte
      control[CMSG_SPACE(sizeof(ucred)) + CMSG_SPACE(sizeof(int)) + CMSG_SPACE(most_descriptors * sizeof(int))];
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  header.msg_control = control;
  header.msg_controllen = sizeof control;
  ssize_t size = -1;
  do {
    size = ::recvmsg(socket, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  } while (size < 0 && errno == EINTR);
  if (size < 0) return fail(last_error(), "cannot receive a notification");
  received.text.resize(static_cast<std::size_t>(size));
  received.truncated = (header.msg_flags & MSG_TRUNC) != 0;
  collect(header, received);
  return received;
}

result<> send_datagram(const std::string& address, std::string_view text, std::chrono::milliseconds patience) {
  const auto where = address_of(address);
  if (!where) return std::unexpected(where.error());
  const auto doing = [&] { return "cannot notify '" + address + "'"; };
  const unique_fd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket) return fail(last_error(), doing());
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(patience);
  const timeval longest{seconds.count(), std::chrono::microseconds(patience - seconds).count()};
  ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &longest, sizeof longest);
  const int flags = MSG_NOSIGNAL | (patience.count() == 0 ? MSG_DONTWAIT : 0);
  for (;;) {
    const auto sent = ::sendto(socket.get(), text.data(), text.size(), flags,
                               reinterpret_cast<const sockaddr*>(&where->name), where->size);
    if (sent >= 0) return {};
    if (errno != EINTR) return fail(last_error(), doing());
  }
}

}  // namespace lineshaft::sys
