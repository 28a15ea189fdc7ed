#pragma once
// The life of a worker inside its own process: made, started, stopped exactly once, left.
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <string>

#include "lineshaft/worker_class.hpp"
#include "worker/context_state.hpp"
#include "worker/grace.hpp"
#include "worker/loop_watchdog.hpp"

namespace lineshaft::runtime {

class life {
 public:
  life(const worker_class& made_of, context_state& state, unique_fd channel);
  life(const life&) = delete;
  life& operator=(const life&) = delete;

  /// From the constructor of the worker to the end of its stop(): the process's exit code.
  int run();

 private:
  using time_point = std::chrono::steady_clock::time_point;

  bool watch_the_loop(int channel);
  bool make();
  boost::asio::awaitable<void> start();
  void start_ended(std::exception_ptr thrown);
  void begin_stop(time_point deadline);
  void run_stop();
  void stop_ended(std::exception_ptr thrown);
  void fail_with(const std::exception_ptr& thrown);
  void decide_to_leave(const channel::worker_message& why);
  void arrived(channel::packet packet);
  void manager_gone();
  void wait_for_signal();
  void run_loop();

  const worker_class& class_;
  context_state& state_;
  unique_fd channel_;
  worker_context context_;
  std::unique_ptr<loop_watchdog> watchdog_;
  std::unique_ptr<worker> worker_;
  boost::asio::signal_set signals_;
  boost::asio::cancellation_signal cancel_start_;
  boost::asio::steady_timer patience_;  ///< how long stop() waits for start() to end
  bool start_running_ = false;
  bool stop_called_ = false;
  std::string failure_;
};

}  // namespace lineshaft::runtime
