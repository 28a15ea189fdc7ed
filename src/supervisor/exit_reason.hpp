#pragma once
// How a process ended, in words that someone reads at night.
#include <chrono>
#include <string>
#include <string_view>

#include "policy/worker_life.hpp"
#include "sys/wait.hpp"

namespace lineshaft::supervisor {

struct ended_process {
  sys::exit_status status;
  policy::leave_cause cause = policy::leave_cause::none;
  restart_cause restart = restart_cause::asked;  ///< why another follows, if `cause` is restart
  std::string abandoned;                         ///< why, if `cause` is abandoned
  bool killed = false;                           ///< by the manager, at the deadline
  bool is_class = true;                          ///< a worker class, or any program
  std::string sick;                              ///< why, if `cause` is watchdog; if it is a restart for its size, that
  std::string error;                             ///< what the worker itself said
  start_options options;
  std::chrono::milliseconds stop_budget{};  ///< what it was given to stop
};

/// "exited 70: cannot connect …", "killed by SIGSEGV (core dumped)", "killed: did not stop within 2 s".
std::string exit_reason(const ended_process& ended);

/// The same in one of a few words, for counting by: "normal", "signal", "oom". `killed`: by the manager, at a deadline.
std::string_view exit_word(const exit_record& record, bool killed);

/// "SIGSEGV"
std::string signal_name(int signal);
/// "2 s", "500 ms".
std::string to_text(std::chrono::milliseconds duration);

}  // namespace lineshaft::supervisor
