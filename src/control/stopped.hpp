#pragma once
// How a stop went, as the API answers it.
#include <boost/json/object.hpp>

#include "lineshaft/process_manager.hpp"

namespace lineshaft::control {

/// "name", "outcome": "not_running", "clean" or "killed", "took_ms", "exit": null if there was nothing to stop, or has
/// not ended though it was killed.
boost::json::object to_json(const stop_outcome& outcome);

}  // namespace lineshaft::control
