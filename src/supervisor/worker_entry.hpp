#pragma once
// One worker of the manager: its life (the decisions), its process (the mechanics), and what is known of it.
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "lineshaft/process_manager.hpp"
#include "lineshaft/trace_context.hpp"
#include "policy/worker_life.hpp"
#include "supervisor/directory.hpp"
#include "supervisor/exit_reason.hpp"
#include "supervisor/held_queues.hpp"
#include "supervisor/worker_process.hpp"
#include "sys/process_settings.hpp"

namespace lineshaft::supervisor {

/// What a worker is, apart from its policies: a class with options, or a program.
struct worker_identity {
  std::string name;
  std::string class_name;         ///< empty: a program
  std::string options;            ///< JSON
  std::vector<std::string> argv;  ///< of a program
  std::vector<std::string> inherited_environment;
  trace_context context;
  sys::process_settings settings;
};

/// What the workers of one manager share.
struct shared_parts {
  boost::asio::io_context& loop;
  launcher& launches;
  directory& published;
  held_queues& queues;
  std::mt19937_64 random{std::random_device{}()};
};

/// When the caller asked, and until when the worker may take to leave.
struct stop_request {
  policy::time_point asked, deadline;
};

/// On the supervisor's thread alone. Answers are given once, and may come before the call returns.
class worker_entry final : public process_events {
 public:
  using time_point = policy::time_point;
  using on_started = std::function<void(result<pid_t>)>;
  using on_stopped = std::function<void(stop_outcome)>;
  using on_ready = std::function<void(result<>)>;

  worker_entry(shared_parts& parts, worker_identity identity, start_options options);

  /// Whether it can be started anew, or its record dropped.
  bool down() const { return life_.current() == policy::phase::down; }
  const std::string& name() const { return identity_.name; }
  std::chrono::milliseconds stop_timeout() const { return options_.stop_timeout; }
  /// A record of it exists: a process of it has lived.
  bool has_past() const { return !exits_->empty(); }

  void redefine(worker_identity identity, start_options options);
  void start(on_started answered);
  void restart(on_started answered);
  void stop(stop_request request, on_stopped answered);
  void wait_ready(on_ready answered);

 private:
  struct stop_waiter {
    time_point began;
    on_stopped answered;
  };

  // process_events
  void process_launched() override;
  void process_not_launched(const error& why) override;
  void process_said(const channel::worker_message& message) override;
  void process_ended() override;

  void perform(const policy::actions& todo);
  void launch();
  channel::launch_request request() const;
  void open_queue(const channel::open_queue& wanted);
  exit_record record_of(const sys::exit_status& status) const;
  void remember(exit_record record);
  void answer_ready();
  void answer_stopped(bool killed);
  void answer_not_started();
  void answer_not_ready(const std::string& why);
  void arm_timer();
  void publish();
  double chance();

  shared_parts& parts_;
  worker_identity identity_;
  start_options options_;
  policy::worker_life life_;
  std::unique_ptr<worker_process> process_;
  process_queues queue_ends_;
  boost::asio::steady_timer timer_;
  std::optional<time_point> armed_for_;
  std::string said_error_;  ///< by the living process
  std::string error_;       ///< why there is none, if there is none
  std::vector<on_started> start_waiters_;
  std::vector<stop_waiter> stop_waiters_;
  std::vector<on_ready> ready_waiters_;
  std::shared_ptr<const std::vector<exit_record>> exits_ = std::make_shared<std::vector<exit_record>>();
};

}  // namespace lineshaft::supervisor
