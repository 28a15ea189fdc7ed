#pragma once
// The manager's side of the fork server: starts it when it is needed, asks it for processes.
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "channel/launch_messages.hpp"
#include "channel/packet_stream.hpp"
#include "supervisor/family.hpp"
#include "supervisor/reaper.hpp"
#include "supervisor/spares.hpp"

namespace lineshaft::supervisor {

/// Used from the supervisor's thread alone, which is also the thread whose death the workers would notice:
/// it must live as long as they do (prctl(2), PR_SET_PDEATHSIG).
class launcher {
 public:
  using on_launched = std::function<void(result<launched>)>;

  launcher(boost::asio::io_context& loop, reaper& reaper, family& relatives)
      : loop_(loop), reaper_(reaper), relatives_(relatives), spares_(loop, reaper, relatives), patience_(loop) {}

  /// Makes the fork server, if there is none, so that the first launch need not wait for it.
  result<> prepare();
  /// The answer comes later, once. If the fork server dies first it is `fork_server_died`, and whether there
  /// is a process is not known: if there is, it says hello over its channel.
  void launch(channel::launch_request request, std::vector<unique_fd> descriptors, on_launched answered);
  /// The same at once, by a process that is there already, with descriptors of its output. Nothing: there is none for
  /// that, and nothing has been done.
  std::optional<launched_spare> launch_spare(const channel::launch_request& request, std::vector<unique_fd>& output);

  /// A launch has been without an answer for too long. If the fork server says nothing to anybody, it is stopped or
  /// hangs, perhaps with a process that it was just making: both are killed, every launch that waits fails, and the
  /// next one makes another.
  void replace_if_stuck();

  /// Lets the fork server go, and reaps it: killed if it is not gone after `patience`. Answers once.
  void close(std::chrono::milliseconds patience, std::function<void()> closed);

  static error fork_server_died();
  static error fork_server_stuck();

 private:
  void ask_for_spares(channel::launch_request wish, std::vector<unique_fd> output);
  void kill_unknown();
  void answer_later(on_launched answered, error why);
  void arrived(channel::packet packet);
  void wait_for_end();
  void ended();
  void tell_if_closed();

  boost::asio::io_context& loop_;
  reaper& reaper_;
  family& relatives_;
  spares spares_;
  std::optional<channel::packet_stream> stream_;
  std::optional<boost::asio::posix::stream_descriptor> pidfd_;
  pid_t pid_ = 0;
  boost::asio::steady_timer patience_;
  std::function<void()> closed_;
  std::chrono::steady_clock::time_point heard_;  ///< of the fork server, or since when it has something to say
  std::uint64_t last_number_ = 0;
  std::map<std::uint64_t, on_launched> waiting_;  ///< in the order of their requests
};

}  // namespace lineshaft::supervisor
