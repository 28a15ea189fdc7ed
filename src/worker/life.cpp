#include "worker/life.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/json/parse.hpp>
#include <csignal>
#include <utility>

#include "sys/fault.hpp"
#include "worker/beat_executor.hpp"
#include "worker/exception_text.hpp"
#include "worker/process.hpp"

namespace lineshaft::runtime {
namespace asio = boost::asio;
using std::chrono::steady_clock;

life::life(const worker_class& made_of, context_state& state, unique_fd channel)
    : class_(made_of),
      state_(state),
      channel_(std::move(channel)),
      context_(state),
      signals_(state.loop),
      patience_(state.loop) {}

int life::run() {
  state_.finish = [this] {
    // Posted: inside start() itself, its own cancellation would hit the next thing it awaits.
    asio::post(state_.executor, [this] { decide_to_leave(channel::finished{}); });
  };
  const int channel = channel_.get();
  state_.manager.emplace(
      state_.loop, std::move(channel_), [this](channel::packet packet) { arrived(std::move(packet)); },
      [this] { manager_gone(); });
  wait_for_signal();
  if (watch_the_loop(channel) && make()) {
    start_running_ = true;
    asio::co_spawn(
        state_.executor, start(),
        asio::bind_cancellation_slot(cancel_start_.slot(), [this](std::exception_ptr thrown) { start_ended(thrown); }));
    run_loop();
  }
  worker_.reset();
  // One whose constructor threw has never begun to stop.
  if (state_.leave_until == time_point()) state_.leave_until = steady_clock::now() + state_.image.stop_timeout;
  return failure_.empty() ? 0 : failed_exit_code;
}

bool life::watch_the_loop(int channel) {
  if (state_.image.watchdog <= std::chrono::milliseconds(0)) return true;
  auto made = loop_watchdog::make(state_.image.watchdog, state_.block, channel);
  if (made) {
    watchdog_ = std::move(*made);
  } else {
    failure_ = made.error().message();
    state_.tell(channel::failed{failure_});
  }
  return made.has_value();
}

bool life::make() {
  sys::reached("worker.construct");
  try {
    const beat busy(&state_.block);
    worker_ = class_.make(boost::json::parse(state_.image.options).as_object(), context_);
    return true;
  } catch (...) {
    fail_with(std::current_exception());
    return false;
  }
}

asio::awaitable<void> life::start() {
  if (!state_.running) co_return;  // the constructor has called finish()
  sys::reached("worker.start");
  state_.block.set_running(true);
  if (state_.image.ready == ready_when::start) {
    state_.tell(channel::ready{});
  }
  co_await worker_->start();
}

void life::start_ended(std::exception_ptr thrown) {
  start_running_ = false;
  const bool stopping = !state_.running;
  if (thrown && !(stopping && is_cancellation(thrown))) fail_with(thrown);
  if (!state_.running) return run_stop();
  if (state_.image.kind == worker_kind::task) decide_to_leave(channel::finished{});
}

// Shutdown, from wherever it comes. Again is harmless.
void life::begin_stop(time_point deadline) {
  if (!std::exchange(state_.running, false)) return;
  state_.block.set_running(false);
  state_.leave_until = deadline;
  if (!start_running_) return run_stop();
  // A start() that does not end when it is cancelled must not take the whole budget from stop().
  patience_.expires_after((deadline - steady_clock::now()) / 2);
  patience_.async_wait([this](boost::system::error_code ec) {
    if (!ec) run_stop();
  });
  cancel_start_.emit(asio::cancellation_type::all);
}

void life::run_stop() {
  if (std::exchange(stop_called_, true)) return;
  patience_.cancel();
  sys::reached("worker.stop");
  asio::co_spawn(state_.executor, worker_->stop(), [this](std::exception_ptr thrown) { stop_ended(thrown); });
}

void life::stop_ended(std::exception_ptr thrown) {
  if (thrown) fail_with(thrown);
  sys::reached("worker.exit");
  state_.loop.stop();
}

// The first failure is the one that is told; stop() still runs, if there is something to stop.
void life::fail_with(const std::exception_ptr& thrown) {
  auto text = exception_text(thrown);
  if (!failure_.empty()) return;
  failure_ = text.empty() ? "an exception without text" : std::move(text);
  state_.tell(channel::failed{failure_});
  if (worker_) begin_stop(steady_clock::now() + state_.image.stop_timeout);
}

void life::decide_to_leave(const channel::worker_message& why) {
  if (!state_.running) return;
  state_.tell(why);
  begin_stop(steady_clock::now() + state_.image.stop_timeout);
}

void life::arrived(channel::packet packet) {
  const auto message = channel::decode_manager_message(packet.bytes);
  if (!message) return;
  if (const auto* shutdown = std::get_if<channel::shutdown>(&*message)) return begin_stop(shutdown->deadline);
  if (const auto* opened = std::get_if<channel::opened>(&*message)) {
    state_.held_opened(*opened, std::move(packet.descriptors));
  }
}

void life::manager_gone() {
  state_.manager_gone();
  begin_stop(steady_clock::now() + orphan_grace);
}

void life::wait_for_signal() {
  signals_.add(SIGTERM);
  signals_.add(SIGINT);
  signals_.async_wait([this](boost::system::error_code ec, int) {
    if (ec) return;
    decide_to_leave(channel::leaving{});
    wait_for_signal();
  });
}

// What a handler throws comes out of run(), which can be entered again.
void life::run_loop() {
  for (;;) {
    try {
      state_.loop.run();
      return;
    } catch (...) {
      fail_with(std::current_exception());
    }
  }
}

}  // namespace lineshaft::runtime
