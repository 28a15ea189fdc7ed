#pragma once
// The queues that the manager holds for its workers, so that what is in them outlives any worker.
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "lineshaft/queue_status.hpp"
#include "lineshaft/worker.hpp"
#include "sys/memory.hpp"

namespace lineshaft::supervisor {

class held_queues;

/// The accounts that one process keeps, of all queues it has opened. Ends with the process.
class process_queues {
 public:
  /// Closes the accounts: what the process had taken and not done is lost from now on. Says how much.
  std::uint64_t process_ended();

 private:
  friend class held_queues;
  struct end;
  std::vector<std::shared_ptr<end>> ends_;
};

/// On the supervisor's thread alone, but for `status`.
class held_queues {
 public:
  held_queues();
  ~held_queues();

  /// One end of the queue `name`, which is made the first time.
  result<held_queue> open(std::string_view name, queue_role role, process_queues& of_process);
  /// From any thread.
  std::vector<queue_status> status() const;
  /// Whether messages wait in a queue that the process consumes.
  bool has_input(const process_queues& of_process) const;
  /// Can be read when messages wait there; nobody may read.
  std::vector<int> inputs(const process_queues& of_process) const;

 private:
  struct queue;
  static queue_status status_of(const std::string& name, queue& one);
  result<std::shared_ptr<queue>> find_or_make(std::string_view name);

  mutable std::mutex mutex_;  ///< for the map; each queue has one for its numbers
  std::map<std::string, std::shared_ptr<queue>, std::less<>> queues_;

  friend class process_queues;
};

}  // namespace lineshaft::supervisor
