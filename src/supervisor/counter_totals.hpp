#pragma once
// The counters of a worker over all processes that have carried its name: they only grow.
#include "lineshaft/status.hpp"

namespace lineshaft::supervisor {

/// The sum of what both count. Gauges and flags are no counters: `now` has the say.
worker_figures in_all(const worker_figures& past, const worker_figures& now);

}  // namespace lineshaft::supervisor
