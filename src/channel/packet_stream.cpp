#include "channel/packet_stream.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <list>

namespace lineshaft::channel {
namespace asio = boost::asio;
namespace {

// More than an ordinary socket holds. A peer that never stops talking must leave the loop to the others.
constexpr int packets_a_turn = 1024;

}  // namespace

// Shared with the handlers that are under way, so that they outlive the stream without touching its owner.
struct packet_stream::state : std::enable_shared_from_this<state> {
  state(asio::io_context& loop, unique_fd fd, on_packet on_arrival, on_end on_ended)
      : socket(loop, fd.release()), arrived(std::move(on_arrival)), ended(std::move(on_ended)) {}

  void wait_to_receive();
  void wait_to_send();
  /// What there is, as far as one turn goes. False when there is nothing more to read for ever.
  bool receive_all();
  result<> send_first();
  result<> send_waiting();
  void end();
  void close();

  asio::posix::stream_descriptor socket;
  on_packet arrived;
  on_end ended;
  std::list<packed> waiting;
  bool closed = false;
};

void packet_stream::state::wait_to_receive() {
  socket.async_wait(asio::posix::stream_descriptor::wait_read,
                    [self = shared_from_this()](boost::system::error_code ec) {
                      if (ec || self->closed) return;
                      if (self->receive_all()) return self->wait_to_receive();
                      if (!self->closed) self->end();
                    });
}

bool packet_stream::state::receive_all() {
  for (int left = packets_a_turn; left > 0 && !closed; --left) {
    auto received = receive_packet(socket.native_handle());
    if (!received) return sys::would_block(received.error()) || sys::is_shortage(received.error());
    if (received->bytes.empty() && !received->truncated) return false;
    const auto hand_on = arrived;  // the call may close this stream, and with it the function
    hand_on(std::move(*received));
  }
  return !closed;
}

// One that nobody has promised to send yet.
result<> packet_stream::state::send_first() {
  auto sent = send_packed(socket.native_handle(), waiting.front());
  if (!sent && sys::would_block(sent.error())) {
    wait_to_send();
    return {};
  }
  waiting.pop_front();
  return sent;
}

result<> packet_stream::state::send_waiting() {
  while (!waiting.empty() && !closed) {
    auto sent = send_packed(socket.native_handle(), waiting.front());
    if (!sent && (sys::would_block(sent.error()) || sys::is_shortage(sent.error()))) {
      wait_to_send();
      return {};
    }
    waiting.pop_front();
    if (!sent) return sent;
  }
  return {};
}

void packet_stream::state::wait_to_send() {
  socket.async_wait(asio::posix::stream_descriptor::wait_write,
                    [self = shared_from_this()](boost::system::error_code ec) {
                      if (ec || self->closed || self->send_waiting()) return;
                      (void)self->receive_all();  // a peer that is gone may have said why
                      if (!self->closed) self->end();
                    });
}

void packet_stream::state::end() {
  const auto tell = ended;
  close();
  tell();
}

void packet_stream::state::close() {
  closed = true;
  boost::system::error_code ignored;
  (void)socket.close(ignored);
  arrived = {};
  ended = {};
}

packet_stream::packet_stream(asio::io_context& loop, unique_fd socket, on_packet arrived, on_end ended)
    : state_(std::make_shared<state>(loop, std::move(socket), std::move(arrived), std::move(ended))) {
  state_->wait_to_receive();
}

packet_stream::~packet_stream() { close(); }

result<> packet_stream::send(std::vector<std::byte> bytes, std::vector<unique_fd> descriptors) {
  if (state_->closed) return {};
  auto what = pack(bytes, std::move(descriptors));
  if (!what) return std::unexpected(what.error());
  state_->waiting.push_back(std::move(*what));
  return state_->waiting.size() == 1 ? state_->send_first() : result<>{};
}

void packet_stream::drain() {
  const auto self = state_;
  (void)self->receive_all();
}

void packet_stream::close() {
  const auto self = state_;
  if (!self->closed) self->close();
}

}  // namespace lineshaft::channel
