#pragma once
// Who watches over the manager itself: systemd, a container's manager, another Lineshaft: whoever has set
// NOTIFY_SOCKET for this program. sd_notify(3), the sending side.
#include <sys/types.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lineshaft/error.hpp"
#include "supervisor/directory.hpp"

namespace lineshaft::supervisor {

struct supervisor_contact {
  std::string address;                                ///< empty: there is nobody
  std::optional<std::chrono::microseconds> watchdog;  ///< how long it may hear nothing
  friend bool operator==(const supervisor_contact&, const supervisor_contact&) = default;
};

/// What an environment (NAME=value) says to the process `self`.
supervisor_contact contact_in(std::span<const std::string> environment, pid_t self);

/// "2 of 3 workers ready; failed: a, b": what STATUS= says of them.
std::string summary_of(std::span<const worker_status> workers);

class own_supervisor {
 public:
  own_supervisor(boost::asio::io_context& loop, const directory& workers, supervisor_contact contact);

  /// READY=1, with how the workers stand at that moment: it may overtake the STATUS of what made them ready.
  result<> tell_ready() const;
  /// STOPPING=1, the first time. From any thread.
  result<> tell_stopping();

  /// On the loop's thread: that it turns is what the watchdog hears. Nothing runs where there is none.
  void begin_beating();
  /// The workers have changed: one STATUS for all that changes in one turn of the loop.
  void workers_changed();

 private:
  /// From any thread. Without anybody to tell it is done.
  result<> tell(const std::string& text) const;
  void beat();
  std::string summary() const;

  boost::asio::io_context& loop_;
  const directory& workers_;
  supervisor_contact contact_;
  boost::asio::steady_timer timer_;
  std::atomic<bool> told_stopping_ = false;
  bool will_tell_ = false;
  std::string told_;
};

}  // namespace lineshaft::supervisor
