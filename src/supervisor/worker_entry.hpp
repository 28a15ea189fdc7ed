#pragma once
// One worker of the manager: its life (the decisions), its process (the mechanics), and what is known of it.
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "lineshaft/process_manager.hpp"
#include "policy/dependencies.hpp"
#include "policy/stop_ladder.hpp"
#include "policy/worker_life.hpp"
#include "supervisor/directory.hpp"
#include "supervisor/event_log.hpp"
#include "supervisor/exit_records.hpp"
#include "supervisor/health_watch.hpp"
#include "supervisor/held_queues.hpp"
#include "supervisor/held_sockets.hpp"
#include "supervisor/kernel.hpp"
#include "supervisor/neighbours.hpp"
#include "supervisor/program_word.hpp"
#include "supervisor/worker_definition.hpp"
#include "supervisor/worker_trace.hpp"

namespace lineshaft::supervisor {

/// What the workers of one manager share.
struct shared_parts {
  kernel& world;
  directory& published;
  event_log& events;
  held_queues& queues;
  held_sockets& sockets;
  neighbours& others;
};

/// When the caller asked, and until when the worker may take to leave.
struct stop_request {
  policy::time_point asked, deadline;
  std::string by = {};  ///< whose wish it is, for the exit record
};

/// On the supervisor's thread alone. Answers are given once, and may come before the call returns.
class worker_entry final : public process_events {
 public:
  using time_point = policy::time_point;
  using on_started = std::function<void(result<pid_t>)>;
  using on_stopped = std::function<void(stop_outcome)>;
  using on_ready = std::function<void(result<>)>;

  worker_entry(shared_parts& parts, worker_definition definition);
  ~worker_entry() override;

  const std::string& name() const { return definition_->name; }
  const worker_definition& definition() const { return *definition_; }
  const policy::worker_life& life() const { return life_; }
  /// As those see it that wait for it.
  policy::standing standing() const { return {life_.state(), life_.has_process(), life_.ready()}; }
  /// Whether its record can be dropped, or it can be started anew.
  bool down() const { return life_.current() == policy::phase::down; }
  bool held() const { return life_.current() == policy::phase::held; }
  /// Of the process that it has, if that is not on its way out.
  std::optional<pid_t> pid_at_work() const;
  /// A record of it exists: a process of it has lived.
  bool has_past() const { return !exits_.empty(); }

  /// Another worker under the same name; only while `down`.
  void redefine(worker_definition definition);
  /// New policies from now on, for the process that there is, too; what is in that stays as it was. `next`: what the
  /// next process will be, if not the same.
  void adopt(worker_definition definition, std::optional<worker_definition> next = {});
  /// One at work is started: its pid. Who waits in vain for what lets it start, or for the end of a process that
  /// cannot be killed, is told so.
  void start(on_started answered);
  /// `by`: whose wish it is, if it is somebody's.
  void restart(restart_cause why, on_started answered, std::string by = {});
  void stop(stop_request request, on_stopped answered);
  /// Who has a deadline looks at the clock himself, and is forgotten some time after it.
  void wait_ready(std::optional<time_point> until, on_ready answered);
  result<> signal(int number, std::string by);
  /// Its process may have been stopped, or go on.
  void look_for_stop();
  /// Leaves, and has failed for good.
  void abandon(std::string why);
  /// Out of `held`, if nothing that it waits for is missing.
  void launch_if_allowed();
  /// Its group has become another one.
  void regrouped() { publish(); }

 private:
  struct stop_waiter {
    time_point began;
    on_stopped answered;
  };
  struct ready_waiter {
    std::optional<time_point> until;
    on_ready answered;
  };

  // process_events
  void process_launched() override;
  void process_not_launched(const error& why) override;
  void process_said(const channel::worker_message& message) override;
  void process_notified(const policy::notification& said) override;
  void process_notification_refused() override;
  void process_probed(std::optional<bool> changed, const std::string& why_not) override;
  void process_ended() override;

  std::optional<exit_record> last_record() const { return has_past() ? std::optional(*exits_.back()) : std::nullopt; }
  /// Its policies, without a copy of them.
  std::shared_ptr<const start_options> policies() const { return {definition_, &definition_->how}; }
  void perform(const policy::actions& todo);
  void launch();
  process_output output();
  void ask_to_leave();
  std::optional<time_point> busy_since() const;
  void watchdog_said(const channel::watchdog_word& word);
  void watch_health();
  void fell_ill(policy::ailment what);
  void end_sick(std::string why);
  void end_stuck();
  void climb();
  void open_queue(const channel::open_queue& wanted);
  void open_socket(const channel::open_socket& wanted);
  void remember(exit_record record);
  void process_is_gone(const std::string& reason);
  void became_ready();
  void keep_sockets();
  void answer_stopped(bool killed, const std::optional<exit_record>& record);
  void answer_not_started();
  void answer_not_ready(const std::string& why);
  void tell_waiting();
  void set_alarm();
  void tell(event_kind kind, std::string cause);
  void tell_phase();
  void tell_others();
  std::string cause_of_phase() const;
  std::string what_is_wrong() const;
  void publish();

  shared_parts& parts_;
  std::shared_ptr<const worker_definition> definition_, next_definition_;
  policy::worker_life life_;
  worker_trace trace_;
  std::unique_ptr<process> process_;
  process_queues queue_ends_;
  std::set<std::string> opened_;                    ///< endpoints, by the living process
  std::shared_ptr<output::account> output_counts_;  ///< over all generations; none until something is captured
  std::unique_ptr<alarm> alarm_;
  std::optional<time_point> armed_for_;
  policy::phase told_ = policy::phase::down;  ///< as the last event said
  policy::standing shown_;                    ///< as the others know it
  policy::stop_ladder ladder_;                ///< of the living process's stop
  std::unique_ptr<alarm> ladder_alarm_;
  program_word word_;       ///< the living process's
  life_notes notes_;        ///< of the living process
  health_watch health_;     ///< of the living process
  bool stop_told_ = false;  ///< and not yet by itself, if it notices
  std::string error_;       ///< why there is none, if there is none
  std::vector<on_started> start_waiters_;
  std::vector<stop_waiter> stop_waiters_;
  std::vector<ready_waiter> ready_waiters_;
  std::shared_ptr<const worker_figures> past_;  ///< counters of the dead processes, in all
  cpu_times past_times_;                        ///< theirs as well
  past_exits exits_;
};

}  // namespace lineshaft::supervisor
