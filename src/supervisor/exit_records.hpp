#pragma once
// How a process ended, put together from everything that is known of it.
#include "policy/worker_life.hpp"
#include "supervisor/kernel.hpp"
#include "supervisor/worker_definition.hpp"

namespace lineshaft::supervisor {

/// A signal that somebody had the manager send.
struct sent_signal {
  int number = 0;  ///< 0: none
  std::string by;
};

/// What was noted of a process while it lived.
struct life_notes {
  std::string said_error;  ///< by itself, of its failure
  std::string not_ready;   ///< why its probe fails
  std::string sick;        ///< what the watchdog found
  std::string stack;       ///< of its event loop, which was stuck
  std::string asked_by;    ///< whose wish it was that it leaves, of those that are commands
  sent_signal sent;        ///< the last one
  policy::time_point asked_for{};
  std::vector<state_moment> states;

  /// Its state from now on.
  void entered(worker_state state, policy::time_point now);
};

/// The record of a process that has just ended, before its life is told.
exit_record record_of(const process& ended, const sys::exit_status& status, const policy::worker_life& life,
                      const worker_definition& worker, const life_notes& notes, policy::time_point now);

}  // namespace lineshaft::supervisor
