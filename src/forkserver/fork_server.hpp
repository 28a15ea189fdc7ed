#pragma once
// The small process that makes processes for the manager: single-threaded, everything linked and relocated,
// so that a copy of it costs a fraction of an exec and shares its pages. Its children are the manager's
// (CLONE_PARENT). It outlives the manager just long enough to leave no orphan.
#include <span>

#include "channel/launch_messages.hpp"
#include "channel/packet.hpp"
#include "forkserver/offspring.hpp"
#include "forkserver/output_ends.hpp"
#include "lineshaft/worker_class.hpp"
#include "sys/clone.hpp"

namespace lineshaft::forkserver {

class fork_server {
 public:
  fork_server(std::span<const worker_class> classes, unique_fd manager);

  enum class end { not_yet, manager_done, manager_died };
  /// Until the manager wants nothing more, or is gone.
  end serve();
  /// Hands over what lets it end those that it has made.
  std::vector<made_process> hand_over() { return std::move(made_.all()); }

 private:
  end answer_one();
  end answer(channel::packet packet);
  void launch(channel::launch_request request, std::vector<unique_fd> descriptors);
  void make_spare(const channel::launch_request& request, std::vector<unique_fd> descriptors);
  sys::spawned make(const channel::launch_request& request, std::vector<unique_fd>& descriptors,
                    const output_ends& output);
  sys::spawned clone_worker(const channel::launch_request& request, std::vector<unique_fd>& descriptors,
                            const output_ends& output);
  sys::spawned execute_worker(const channel::launch_request& request, const std::vector<unique_fd>& descriptors,
                              const output_ends& output);
  sys::spawned execute_program(const channel::launch_request& request, const std::vector<unique_fd>& sockets,
                               const output_ends& output);
  void reply(const channel::launch_reply& reply, int pidfd);

  std::span<const worker_class> classes_;
  unique_fd manager_;
  unique_fd manager_process_;  ///< its handle
  offspring made_;
  bool can_clone_;
};

/// Becomes the fork server and leaves the process. `manager`: its end of the socket to the manager.
[[noreturn]] void become_fork_server(std::span<const worker_class> classes, unique_fd manager);

}  // namespace lineshaft::forkserver
