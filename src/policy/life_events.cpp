#include "policy/life_events.hpp"

namespace lineshaft::policy {
namespace {

event_kind end_of(worker_state as) {
  switch (as) {
    case worker_state::completed: return event_kind::completed;
    case worker_state::failed: return event_kind::failed;
    default: return event_kind::stopped;
  }
}

}  // namespace

std::optional<event_kind> event_of(phase before, phase now, worker_state as) {
  if (before == now) return std::nullopt;
  switch (now) {
    case phase::down: return end_of(as);
    case phase::held: return std::nullopt;
    case phase::launching: return event_kind::starting;
    case phase::starting: return event_kind::started;
    case phase::running: return event_kind::ready;
    case phase::unready: return event_kind::unready;
    case phase::stopping: return event_kind::stopping;
    case phase::killing: return before == phase::stopping ? std::nullopt : std::optional(event_kind::stopping);
    case phase::backoff: return event_kind::backoff;
  }
  return std::nullopt;
}

}  // namespace lineshaft::policy
