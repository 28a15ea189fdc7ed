#include "control/door.hpp"

#include <unistd.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <format>

#include "sys/descriptor.hpp"
#include "sys/peer.hpp"

namespace lineshaft::control {
using boost::asio::awaitable;

namespace {

constexpr auto as_result = boost::asio::as_tuple(boost::asio::use_awaitable);
// A table of descriptors that is full stays so for a while, and accepting again at once would be a loop.
constexpr auto pause_without_descriptors = std::chrono::milliseconds(100);

}  // namespace

door::door(boost::asio::io_context& loop, unique_fd listening, int family, entrance how, service& ours,
           const access_rules& rules, const limits& most)
    : loop_(loop),
      acceptor_(loop, boost::asio::generic::stream_protocol(family, 0), listening.release()),
      how_(how),
      ours_(ours),
      rules_(rules),
      most_(most) {}

void door::open() {
  boost::asio::co_spawn(loop_, accept(), [](const std::exception_ptr&) {});
}

void door::close(std::function<void()> left) {
  left_ = std::move(left);
  boost::system::error_code ignored;
  (void)acceptor_.close(ignored);
  for (const auto& one : inside_) one->hang_up();
}

awaitable<void> door::accept() {
  while (acceptor_.is_open()) {
    auto [ec, socket] = co_await acceptor_.async_accept(as_result);
    if (!ec) {
      let_in(std::move(socket));
    } else if (ec != boost::asio::error::operation_aborted && ec != boost::asio::error::connection_aborted) {
      make_room();
      co_await wait_for_descriptors();
    }
  }
}

awaitable<void> door::wait_for_descriptors() {
  boost::asio::steady_timer pause(loop_, pause_without_descriptors);
  co_await pause.async_wait(as_result);
}

void door::let_in(stream_socket socket) {
  sys::close_on_exec(socket.native_handle());
  if (inside_.size() >= most_.connections) make_room();
  if (inside_.size() >= 2 * most_.connections) return;
  auto one = std::make_shared<connection>(std::move(socket), how_);
  recognise(*one);
  const auto place = inside_.insert(inside_.end(), one);
  boost::asio::co_spawn(loop_, serve(*one, ours_, rules_, most_), [this, place](const std::exception_ptr&) {
    inside_.erase(place);
    left_();
  });
}

// Of those that nobody waits for an answer at: one that is silent before one that listens to a stream, which comes
// back and goes on where it was. It is gone as soon as its coroutine has seen it.
void door::make_room() {
  std::shared_ptr<connection> chosen;
  for (const auto& one : inside_) {
    if (!one->idle() && !(one->telling && !one->ending)) continue;
    if (!chosen || std::pair(!one->idle(), one->silent_since) < std::pair(!chosen->idle(), chosen->silent_since)) {
      chosen = one;
    }
  }
  if (chosen) chosen->hang_up();
}

void door::recognise(connection& one) const {
  if (how_ == entrance::health) one.may = role::metrics;
  if (how_ != entrance::local) return;
  const auto peer = sys::peer_of(one.stream.socket().native_handle());
  if (!peer) return;
  one.may = role_of_user(rules_, peer->uid, ::getuid());
  one.who = std::format("api user {} process {}", peer->uid, peer->pid);
}

}  // namespace lineshaft::control
