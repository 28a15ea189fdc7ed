#pragma once
// What a program asks of its manager without waiting for the answer: for those that have no thread to wait with.
// A public header has the same, synchronous: `process_manager`.
#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "control/known_worker.hpp"
#include "lineshaft/process_manager.hpp"
#include "output/recent_lines.hpp"

namespace lineshaft::control {

/// Callable from any thread. Answers come on the supervisor's thread, once each, where they may do no more than hand
/// the value on; those that have not come when the manager is destroyed never do. It must outlive this object.
class commands {
 public:
  template <class T>
  using on_answer = std::function<void(T)>;

  explicit commands(process_manager& manager) : manager_(manager) {}

  /// Starts a worker that is down, as it was defined. One that has a process, or waits for one, is left alone.
  void start(std::string name, on_answer<result<pid_t>> answered);
  /// Without a timeout: the worker's own. `by`: whose wish it is, for the exit record.
  void stop(std::string name, std::optional<std::chrono::milliseconds> timeout, std::string by,
            on_answer<stop_outcome> answered);
  /// In the order of their dependencies, inside one timeout; without one, each inside its own.
  void stop_some(std::vector<std::string> names, std::optional<std::chrono::milliseconds> timeout, std::string by,
                 on_answer<std::vector<stop_outcome>> answered);
  /// Without a timeout: as `stop_pipeline`.
  void stop_all(std::optional<std::chrono::milliseconds> timeout, std::string by,
                on_answer<std::vector<stop_outcome>> answered);
  void restart(std::string name, std::string by, on_answer<result<pid_t>> answered);
  void restart_rolling(std::string family, std::string by, on_answer<result<>> answered);
  void scale(std::string family, std::uint32_t replicas, std::string by, on_answer<result<>> answered);
  void signal(std::string name, int number, std::string by, on_answer<result<>> answered);
  void queues(on_answer<std::vector<queue_status>> answered);
  std::optional<known_worker> find(const std::string& name) const;
  std::vector<known_worker> all() const;
  /// As `process_manager::wait_end`, with all the time in the world.
  void wait_end(on_answer<pipeline_end> answered);
  /// What the workers say of the metrics that they declare, into what was known before: who has gone says nothing.
  void learn_help(std::map<std::string, std::string>& known) const;
  /// What the workers print.
  output::recent_lines& output();
  /// Where their files are; empty: nowhere.
  std::string log_dir() const;
  /// Answers as soon as the supervisor comes to it.
  void is_there(on_answer<bool> answered);

 private:
  process_manager& manager_;
};

}  // namespace lineshaft::control
