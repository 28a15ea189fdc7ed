#pragma once
// Children that nobody asks about any more, but that must not stay zombies: programs that could not be
// executed, processes whose handle was lost to a full descriptor table, fork servers.
#include <sys/types.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <vector>

#include "lineshaft/unique_fd.hpp"

namespace lineshaft::supervisor {

/// Used from the supervisor's thread alone.
class reaper {
 public:
  explicit reaper(boost::asio::io_context& loop) : loop_(loop), again_(loop) {}

  /// Reaps it when it has ended, and tells.
  void take(unique_fd pidfd, std::function<void()> reaped = {});
  /// The same for a child that is about to end, or has.
  void take(pid_t pid, std::function<void()> reaped);
  /// Kills a child that has no handle, and reaps it.
  void kill(pid_t pid);

 private:
  using descriptor = boost::asio::posix::stream_descriptor;

  void wait_for(std::shared_ptr<descriptor> handle, std::function<void()> reaped);
  void try_to_reap();

  boost::asio::io_context& loop_;
  boost::asio::steady_timer again_;
  struct child {
    pid_t pid;
    std::function<void()> reaped;
  };
  std::vector<child> without_handle_;
};

}  // namespace lineshaft::supervisor
