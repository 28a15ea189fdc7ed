#pragma once
// The manager's end of one program's NOTIFY_SOCKET, on an event loop.
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <memory>
#include <string>

#include "supervisor/kernel.hpp"
#include "sys/notify_socket.hpp"

namespace lineshaft::supervisor {

/// Owned by the process that it listens to. After its destruction nothing is told any more.
class notify_receiver {
 public:
  notify_receiver(boost::asio::io_context& loop, sys::notify_socket socket, process_events& events);

  const std::string& address() const { return state_->address; }
  /// From now on what `worker` and its descendants say is told, what has come before, too; what others say is counted.
  void listen_to(pid_t worker);
  /// Hands on what has arrived already, without waiting: the last words of a process that is not yet reaped.
  void drain();

 private:
  struct state {
    boost::asio::posix::stream_descriptor socket;
    std::string address;
    process_events& events;
    pid_t worker = 0;
  };

  static void wait(const std::weak_ptr<state>& weak);
  static bool take_one(const std::weak_ptr<state>& weak);

  std::shared_ptr<state> state_;
};

}  // namespace lineshaft::supervisor
