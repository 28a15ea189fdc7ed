#include "sys/poll.hpp"

#include <poll.h>
#include <sys/epoll.h>

#include <array>

#include "sys/error.hpp"
#include "sys/fault.hpp"

namespace lineshaft::sys {
namespace {

bool comes(int fd, short what, int milliseconds) noexcept {
  pollfd one{fd, what, 0};
  return ::poll(&one, 1, milliseconds) > 0;
}

}  // namespace

result<poller> poller::make() {
  if (auto ec = injected("epoll_create1")) return fail(ec, "cannot make an epoll instance");
  const int fd = ::epoll_create1(EPOLL_CLOEXEC);
  if (fd < 0) return fail(last_error(), "cannot make an epoll instance");
  return poller{unique_fd{fd}};
}

result<> poller::add(int fd) {
  if (auto ec = injected("epoll_ctl")) return fail(ec, "cannot watch a descriptor");
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = fd;
  if (::epoll_ctl(fd_.get(), EPOLL_CTL_ADD, fd, &event) < 0) return fail(last_error(), "cannot watch a descriptor");
  return {};
}

void poller::remove(int fd) noexcept { ::epoll_ctl(fd_.get(), EPOLL_CTL_DEL, fd, nullptr); }

std::vector<int> poller::wait(std::optional<std::chrono::milliseconds> timeout) {
  std::array<epoll_event, 64> events;
  const int milliseconds = timeout ? static_cast<int>(timeout->count()) : -1;
  const int count = ::epoll_wait(fd_.get(), events.data(), events.size(), milliseconds);
  std::vector<int> ready;
  for (int index = 0; index < count; ++index) ready.push_back(events[static_cast<std::size_t>(index)].data.fd);
  return ready;
}

void wait_readable(int fd, int other) noexcept {
  std::array<pollfd, 2> both{pollfd{fd, POLLIN, 0}, pollfd{other, POLLIN, 0}};
  ::poll(both.data(), both.size(), -1);
}

bool is_readable(int fd, std::chrono::milliseconds patience) noexcept {
  return comes(fd, POLLIN, static_cast<int>(patience.count()));
}

void wait_writable(int fd) noexcept { (void)comes(fd, POLLOUT, -1); }

}  // namespace lineshaft::sys
