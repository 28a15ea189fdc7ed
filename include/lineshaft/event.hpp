#pragma once
// What happens to the workers of a manager, as one ordered stream.
#include <boost/json/object.hpp>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace lineshaft {

enum class event_kind {
  starting,   ///< a process is being made
  started,    ///< it exists
  ready,      ///< it is ready
  unready,    ///< it was ready, and is not any more
  stopping,   ///< it is on its way out
  exited,     ///< it has ended: `cause` says how
  backoff,    ///< the next one starts after a delay
  completed,  ///< ended with success, and not started again
  stopped,    ///< ended as it was asked to
  failed,     ///< ended without success, and not started again
  watchdog,   ///< alive, and not doing its work
  scaled,     ///< the number of replicas has changed
  reloaded,   ///< its definition has changed
  dropped,    ///< this subscriber was too slow: `cause` says how many events it has missed
};

std::string_view to_string(event_kind);

struct event {
  std::uint64_t seq = 0;  ///< 1, 2, 3 … without a gap, but for what was dropped
  std::chrono::system_clock::time_point time;
  std::chrono::steady_clock::time_point monotonic;
  std::string worker;
  std::uint32_t generation = 0;
  event_kind kind = event_kind::starting;
  std::string cause;
};

/// {"seq", "time", "monotonic_ms", "worker", "generation", "event", "cause"}; `time` is RFC 3339, UTC.
boost::json::object to_json(const event&);

}  // namespace lineshaft
