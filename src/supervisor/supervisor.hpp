#pragma once
// The asynchronous core of the manager: all workers of one manager, on one thread.
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "supervisor/coordinator.hpp"
#include "supervisor/rolling_restart.hpp"
#include "supervisor/stop_sequence.hpp"
#include "supervisor/worker_entry.hpp"

namespace lineshaft::supervisor {

/// No time is longer than what can be reckoned with.
void bound_times(start_options& how);

/// A worker of a pipeline: one process, or as many as `replicas` says.
struct pipeline_member {
  worker_definition model;  ///< its name is the family's
  std::optional<std::uint32_t> replicas;
};

class pipeline_change;

/// On one thread, that of its kernel. Answers are given once.
class supervisor : private neighbours {
 public:
  using on_done = std::function<void(result<>)>;
  using on_all_stopped = stop_sequence::on_stopped;
  using on_end = std::function<void(pipeline_end)>;

  supervisor(kernel& world, directory& directory, event_log& events);

  void start(worker_definition definition, worker_entry::on_started answered);
  /// One that is down, as it was defined; of one that has a process the answer is that.
  void start_again(const std::string& name, worker_entry::on_started answered);
  result<> signal(const std::string& name, int number, std::string by);
  /// Nothing is started if any part of it is wrong.
  result<> start_pipeline(std::vector<group_spec> groups, std::vector<pipeline_member> members,
                          std::chrono::milliseconds stop_timeout);
  void stop(const std::string& name, stop_request request, worker_entry::on_stopped answered);
  /// Without a deadline: the worst case of `plan_stop`.
  void stop_all(policy::time_point asked, std::optional<policy::time_point> deadline, std::string by,
                on_all_stopped answered);
  /// These alone, in the same order. Without a deadline: each inside its own stop_timeout.
  void stop_some(std::vector<std::string> names, policy::time_point asked, std::optional<policy::time_point> deadline,
                 std::string by, on_all_stopped answered);
  stop_plan plan_stop() const;
  void restart(const std::string& name, std::string by, worker_entry::on_started answered);
  void restart_rolling(const std::string& family, std::optional<worker_definition> changed, std::string by,
                       on_done answered);
  void scale(const std::string& family, std::uint32_t replicas, std::string by, on_done answered);
  void wait_ready(const std::string& name, std::optional<policy::time_point> until, worker_entry::on_ready answered);
  /// Answers when no worker has or waits for a process, or the pipeline has been stopped by a failure.
  void wait_end(on_end answered);
  /// `tell` is called whenever what is known of a worker may have changed.
  void on_change(std::function<void()> tell) { on_change_ = std::move(tell); }
  bool forget(const std::string& name);
  /// Of the workers that have replicas.
  std::map<std::string, std::uint32_t> replica_counts() const;

  /// From any thread.
  std::vector<queue_status> queues() const { return queues_.status(); }

 private:
  friend class pipeline_change;

  // neighbours
  bool may_launch(worker_entry& worker) override { return rules_.may_launch(worker); }
  void changed(worker_entry& worker) override;
  void will_restart(worker_entry& worker) override { rules_.will_restart(worker); }
  void failed_for_good(worker_entry& worker) override { rules_.failed_for_good(worker); }
  bool is_essential(const worker_entry& worker) const override { return rules_.is_essential(worker); }

  worker_entry* find(const std::string& name) const;
  worker_entry& add(worker_definition definition);
  /// Whom it waits for, and with whom it stands and falls, holds at once, and the rest with its next process.
  void redefine_next(worker_entry& entry, worker_definition definition);
  void stand_with(worker_entry& entry, const worker_definition& as, std::optional<worker_definition> next);
  void roll(std::vector<std::string> replicas, std::optional<worker_definition> changed, std::string by,
            on_done answered);
  void start_entry(worker_definition definition, worker_entry::on_started answered);
  void scale_down(const std::string& family, std::uint32_t from, std::uint32_t to, const std::string& by,
                  on_done answered);
  void essential_failed(const std::string& why);
  void look_for_the_end();
  std::vector<std::vector<std::string>> stop_levels() const;
  stop_sequence::find_worker finder() const;

  held_queues queues_;
  held_sockets sockets_;
  coordinator rules_;
  shared_parts parts_;
  std::map<std::string, std::unique_ptr<worker_entry>, std::less<>> workers_;
  std::map<std::string, pipeline_member, std::less<>> replicated_;
  std::optional<std::chrono::milliseconds> stop_timeout_;  ///< of the pipeline, once there is one
  std::optional<std::string> failure_;                     ///< of something essential
  bool stopping_for_failure_ = false, stopped_for_failure_ = false;
  std::uint64_t stops_of_all_ = 0;  ///< begun; what is under way starts nothing after one
  std::size_t stops_under_way_ = 0;
  std::weak_ptr<pipeline_change> change_;  ///< the last one begun
  std::vector<on_end> end_waiters_;
  std::function<void()> on_change_;
};

}  // namespace lineshaft::supervisor
