#include "supervisor/notify_receiver.hpp"

#include <utility>

#include "sys/descent.hpp"

namespace lineshaft::supervisor {
namespace asio = boost::asio;
namespace {

// Then others have their turn: anyone on this machine can send, as fast as it likes.
constexpr int most_at_once = 16;

}  // namespace

notify_receiver::notify_receiver(asio::io_context& loop, sys::notify_socket socket, process_events& events)
    : state_(std::make_shared<state>(asio::posix::stream_descriptor(loop, socket.socket.release()),
                                     std::move(socket.address), events)) {}

void notify_receiver::listen_to(pid_t worker) {
  state_->worker = worker;
  wait(state_);
}

void notify_receiver::drain() {
  if (state_->worker == 0) return;
  const std::weak_ptr weak(state_);
  for (int taken = 0; taken < most_at_once && take_one(weak); ++taken) continue;
}

void notify_receiver::wait(const std::weak_ptr<state>& weak) {
  const auto self = weak.lock();
  self->socket.async_wait(asio::posix::stream_descriptor::wait_read, [weak](boost::system::error_code ec) {
    if (ec) return;
    for (int taken = 0; taken < most_at_once && take_one(weak); ++taken) continue;
    if (!weak.expired()) wait(weak);
  });
}

// False when there is no more, or when what was told has ended the process that owns this.
bool notify_receiver::take_one(const std::weak_ptr<state>& weak) {
  const auto self = weak.lock();
  if (!self) return false;
  const auto received = sys::receive_datagram(self->socket.native_handle(), policy::longest_notification + 1);
  if (!received) return false;
  auto& events = self->events;
  const auto said = received->truncated ? std::nullopt : policy::parse_notification(received->text);
  if (said && sys::belongs_to(received->sender, received->sender_handle.get(), self->worker)) {
    events.process_notified(*said);
  } else {
    events.process_notification_refused();
  }
  return true;
}

}  // namespace lineshaft::supervisor
