#pragma once
// What others are told of a life: which events lie between two phases. Pure.
#include <optional>

#include "lineshaft/event.hpp"
#include "policy/worker_life.hpp"

namespace lineshaft::policy {

/// The event of arriving in phase `now` from `before`, in state `as` (which tells the ways of being down apart).
std::optional<event_kind> event_of(phase before, phase now, worker_state as);

}  // namespace lineshaft::policy
