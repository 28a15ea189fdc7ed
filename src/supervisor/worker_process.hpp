#pragma once
// One process of a worker, from the moment the manager asks for it until it is reaped.
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>

#include "channel/packet_stream.hpp"
#include "channel/worker_messages.hpp"
#include "status/block_memory.hpp"
#include "supervisor/launcher.hpp"
#include "sys/wait.hpp"

namespace lineshaft::supervisor {

/// What the owner wants to hear. Each call may destroy the process object.
class process_events {
 public:
  virtual ~process_events() = default;
  virtual void process_launched() = 0;
  virtual void process_not_launched(const error& why) = 0;
  virtual void process_said(const channel::worker_message& message) = 0;
  virtual void process_ended() = 0;
};

/// Owned by its worker, on the supervisor's thread. Destroying it closes every descriptor; it neither kills
/// nor reaps, so that only happens after `process_ended` or `process_not_launched`.
class worker_process {
 public:
  /// Starts the launch. Without a channel and a block for a program.
  static result<std::unique_ptr<worker_process>> launch(boost::asio::io_context& loop, launcher& launcher,
                                                        channel::launch_request request, process_events& events);
  worker_process(boost::asio::io_context& loop, process_events& events);

  pid_t pid() const { return pid_; }
  std::chrono::steady_clock::time_point started() const { return started_; }
  const std::shared_ptr<const status::manager_block>& block() const { return block_; }

  /// By the channel; a program, or a worker that has closed its channel, gets SIGTERM.
  void ask_to_leave(std::chrono::steady_clock::time_point deadline);
  void tell(const channel::manager_message& message, std::vector<unique_fd> descriptors = {});
  void kill();
  result<> signal(int signal);
  /// After `process_ended`: whatever is left of its tree is killed, and it is reaped.
  sys::exit_status reap();

 private:
  result<> open_channel(std::vector<unique_fd>& for_worker);
  void launch_answered(result<launched> answer);
  void adopt(launched process);
  void arrived_without_answer();
  void arrived(channel::packet packet);
  void channel_closed();
  void wait_for_end();

  boost::asio::io_context& loop_;
  process_events& events_;
  std::shared_ptr<const status::manager_block> block_;
  std::optional<channel::packet_stream> channel_;
  std::optional<boost::asio::posix::stream_descriptor> pidfd_;
  pid_t pid_ = 0;
  pid_t said_hello_ = 0;
  std::vector<channel::worker_message> early_;  ///< said before it was known to exist
  bool fork_server_died_ = false;               ///< before it answered: only the process itself can say that it exists
  bool is_ours_ = true;                         ///< not reaped by something else in this program
  std::chrono::steady_clock::time_point started_{};
  std::shared_ptr<worker_process*> self_;  ///< for answers that come when this is gone
};

}  // namespace lineshaft::supervisor
