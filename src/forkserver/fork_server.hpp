#pragma once
// The small process that makes processes for the manager: single-threaded, everything linked and relocated,
// so that a copy of it costs a fraction of an exec and shares its pages. Its children are the manager's
// (CLONE_PARENT). It outlives the manager just long enough to leave no orphan.
#include <chrono>
#include <map>
#include <span>

#include "channel/launch_messages.hpp"
#include "channel/packet.hpp"
#include "forkserver/output_ends.hpp"
#include "lineshaft/worker_class.hpp"
#include "sys/clone.hpp"
#include "sys/poll.hpp"

namespace lineshaft::forkserver {

class fork_server {
 public:
  fork_server(std::span<const worker_class> classes, unique_fd manager, sys::poller poller);

  /// Until the manager is gone, and after it every process made here.
  void serve();

 private:
  struct running {
    sys::cloned process;
    std::array<unique_fd, 2> reading;  ///< its output, which the manager reads while there is one
    unique_fd group_killer;            ///< none: it has no control group of its own
  };

  void answer_all();
  void answer(channel::packet packet);
  void launch(channel::launch_request request, std::vector<unique_fd> descriptors);
  sys::spawned make(const channel::launch_request& request, std::vector<unique_fd>& descriptors,
                    const output_ends& output);
  sys::spawned clone_worker(const channel::launch_request& request, std::vector<unique_fd>& descriptors,
                            const output_ends& output);
  sys::spawned execute_worker(const channel::launch_request& request, const std::vector<unique_fd>& descriptors,
                              const output_ends& output);
  sys::spawned execute_program(const channel::launch_request& request, const std::vector<unique_fd>& sockets,
                               const output_ends& output);
  void reply(const channel::launch_reply& reply, int pidfd);
  void watch(running one);
  void end_orphans();
  void read_orphans();
  static void kill_control_group(const running& one);
  void forget(int pidfd);

  std::span<const worker_class> classes_;
  unique_fd manager_;
  sys::poller poller_;
  std::map<int, running> running_;  ///< by pidfd
  bool can_clone_;
  bool orphaned_ = false;
};

/// Becomes the fork server and leaves the process. `manager`: its end of the socket to the manager.
[[noreturn]] void become_fork_server(std::span<const worker_class> classes, unique_fd manager);

}  // namespace lineshaft::forkserver
