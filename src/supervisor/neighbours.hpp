#pragma once
// What one worker of a manager means to the others, as the worker itself sees it.

namespace lineshaft::supervisor {

class worker_entry;

/// Told by each worker, on the supervisor's thread, when it has finished with what it tells: others may be asked to
/// leave, and it itself, before these return.
class neighbours {
 public:
  virtual ~neighbours() = default;
  /// Whether it may be launched now. If not, it is launched as soon as it may.
  virtual bool may_launch(worker_entry& worker) = 0;
  /// What others may wait for has changed: whether it has a process, is ready, has completed.
  virtual void changed(worker_entry& worker) = 0;
  /// It ended by itself, and will be started again after a delay.
  virtual void will_restart(worker_entry& worker) = 0;
  /// It failed, and will not be started again by itself.
  virtual void failed_for_good(worker_entry& worker) = 0;
  /// Whether its failure is that of the pipeline: it is essential itself, or its group is.
  virtual bool is_essential(const worker_entry& worker) const = 0;
};

}  // namespace lineshaft::supervisor
