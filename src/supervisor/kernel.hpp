#pragma once
// What the supervisor asks of the world: processes and time. The real one is `linux_kernel`; tests of whole
// lives give a simulated one, in which a day takes a millisecond.
#include <sys/types.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "channel/launch_messages.hpp"
#include "channel/worker_messages.hpp"
#include "lineshaft/output_options.hpp"
#include "lineshaft/unique_fd.hpp"
#include "output/account.hpp"
#include "policy/moments.hpp"
#include "policy/notification.hpp"
#include "policy/probe_target.hpp"
#include "status/block_memory.hpp"
#include "sys/vitals.hpp"
#include "sys/wait.hpp"

namespace lineshaft::supervisor {

/// Where the output of a process goes, and who counts it.
struct process_output {
  output_options how;
  std::shared_ptr<output::account> counts;

  bool captured() const { return how.to == output_to::file || how.to == output_to::memory; }
};

/// What the owner of a process wants to hear. Each call may destroy the process object.
class process_events {
 public:
  virtual ~process_events() = default;
  virtual void process_launched() = 0;
  virtual void process_not_launched(const error& why) = 0;
  virtual void process_said(const channel::worker_message& message) = 0;
  /// What a program, or a descendant of it, said over NOTIFY_SOCKET.
  virtual void process_notified(const policy::notification& said) = 0;
  /// What came there from somebody else, or cannot be read.
  virtual void process_notification_refused() = 0;
  /// Ready or not by its probe, when that changes; and why not, also when it does not change.
  virtual void process_probed(std::optional<bool> changed, const std::string& why_not) = 0;
  virtual void process_ended() = 0;
};

/// One process of a worker, from the moment the manager asks for it until it is reaped. Owned by its worker, on
/// the supervisor's thread. Destroying it neither kills nor reaps: that only happens after `process_ended` or
/// `process_not_launched`.
class process {
 public:
  virtual ~process() = default;
  /// 0 until it is known to exist.
  virtual pid_t pid() const = 0;
  virtual policy::time_point started() const = 0;
  /// None for a program.
  virtual const std::shared_ptr<const status::manager_block>& block() const = 0;

  /// The launch has taken too long: whatever keeps it comes to an end, and the owner hears of a process or that there
  /// is none, as ever. Where what makes processes is only busy, nothing happens.
  virtual void give_up_launch() = 0;
  /// By the channel; a program, or a worker that has closed its channel, by the signal.
  virtual void ask_to_leave(policy::time_point deadline, int signal) = 0;
  /// One that is gone already hears nothing: its end tells.
  virtual void signal(int signal) = 0;
  virtual void tell(const channel::manager_message& message, std::vector<unique_fd> descriptors) = 0;
  /// From now to its end it is asked, again and again, whether it is ready.
  virtual void probe(const policy::probe_target& target) = 0;
  virtual void kill() = 0;
  /// After `process_ended`: who of its tree resists being killed, and lives on. As a rule nobody.
  virtual std::vector<std::string> left_behind() const { return {}; }
  /// After `process_ended`: whatever is left of its tree is killed, and it is reaped.
  virtual sys::exit_status reap() = 0;
  /// After that: the last lines that it printed, if they were captured.
  virtual std::vector<std::string> last_output() = 0;
  /// What the kernel tells of it while it lives.
  virtual sys::vitals vitals() const = 0;
  /// Whether it was stopped by a signal, or goes on after that, since this was asked last.
  virtual bool stopped_or_continued() = 0;
};

/// Rings once, at a moment; a later `set` replaces an earlier one. Destroyed or cancelled, it does not ring.
class alarm {
 public:
  virtual ~alarm() = default;
  virtual void set(policy::time_point when, std::function<void()> ring) = 0;
  virtual void cancel() = 0;
};

class kernel {
 public:
  virtual ~kernel() = default;
  virtual policy::time_point now() const = 0;
  /// Runs `what` after the present step, on the same thread.
  virtual void later(std::function<void()> what) = 0;
  virtual std::unique_ptr<alarm> make_alarm() = 0;
  /// Rings once, when one of the descriptors can be read: not after what this gives is destroyed. Nothing: it cannot.
  virtual std::shared_ptr<void> when_readable(const std::vector<int>& descriptors, std::function<void()> ring) = 0;
  /// Tells whenever one of the processes may have been stopped, or go on; never where the program around this one
  /// handles SIGCHLD itself.
  virtual void on_stops(std::function<void()> tell) = 0;
  /// Starts a launch, of a program with listening sockets. What becomes of it is told to `events`, never before this
  /// returns.
  virtual result<std::unique_ptr<process>> launch(channel::launch_request request, std::vector<unique_fd> sockets,
                                                  const process_output& output, process_events& events) = 0;
  /// A number in [-1, 1].
  virtual double chance() = 0;
};

}  // namespace lineshaft::supervisor
