#include "lineshaft/event.hpp"

#include "base/rfc3339.hpp"

namespace lineshaft {

std::string_view to_string(event_kind kind) {
  switch (kind) {
    case event_kind::starting: return "starting";
    case event_kind::started: return "started";
    case event_kind::ready: return "ready";
    case event_kind::unready: return "unready";
    case event_kind::stopping: return "stopping";
    case event_kind::exited: return "exited";
    case event_kind::backoff: return "backoff";
    case event_kind::completed: return "completed";
    case event_kind::stopped: return "stopped";
    case event_kind::failed: return "failed";
    case event_kind::watchdog: return "watchdog";
    case event_kind::scaled: return "scaled";
    case event_kind::reloaded: return "reloaded";
    case event_kind::dropped: return "dropped";
  }
  return "unknown";
}

boost::json::object to_json(const event& what) {
  using std::chrono::milliseconds;
  const auto monotonic = std::chrono::duration_cast<milliseconds>(what.monotonic.time_since_epoch());
  return {{"seq", what.seq},       {"time", rfc3339(what.time)},    {"monotonic_ms", monotonic.count()},
          {"worker", what.worker}, {"generation", what.generation}, {"event", to_string(what.kind)},
          {"cause", what.cause}};
}

}  // namespace lineshaft
