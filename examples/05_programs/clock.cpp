// A program that knows nothing of Lineshaft: it speaks the protocol of sd_notify(3), which is a datagram to the
// socket that NOTIFY_SOCKET names. With libsystemd at hand it is one call.
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

volatile std::sig_atomic_t leave = 0;

void notify(const std::string& text) {
  const char* address = std::getenv("NOTIFY_SOCKET");
  if (address == nullptr) return;
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  std::strncpy(name.sun_path, address, sizeof name.sun_path - 1);
  if (address[0] == '@') name.sun_path[0] = '\0';  // an abstract name
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + std::strlen(address));
  const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  ::sendto(socket, text.data(), text.size(), MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&name), size);
  ::close(socket);
}

}  // namespace

int main() {
  std::signal(SIGINT, [](int) { leave = 1; });
  notify("READY=1\nSTATUS=wound up");
  while (leave == 0) ::usleep(1000);
  notify("STOPPING=1\nSTATUS=run down");
}
