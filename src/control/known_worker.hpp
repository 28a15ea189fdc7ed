#pragma once
// What is known of a worker: its status, and its place in the pipeline.
#include <boost/json/object.hpp>

#include "lineshaft/status.hpp"
#include "supervisor/directory.hpp"

namespace lineshaft::control {

struct known_worker {
  worker_status status;
  supervisor::worker_place place;
};

/// The status, then {"class", "family", "essential", "after"}.
boost::json::object to_json(const known_worker& worker, const boost::json::storage_ptr& memory = {});

}  // namespace lineshaft::control
