#pragma once
// How often workers can die at most: whether a limit of restarts can ever be reached. Pure.
#include <span>

#include "lineshaft/worker_spec.hpp"

namespace lineshaft::config {

/// Whether this many restarts can ever happen inside the limit's window, as slowly as the policy makes them.
bool can_be_reached(const restart_policy& policy);

/// The same of a limit for all members of a group together, all of which die as fast as they can.
bool can_be_reached(const restart_limit& limit, std::span<const restart_policy> members);

}  // namespace lineshaft::config
