#pragma once
// A status as JSON, in memory of the caller's: of many workers, most of the cost is to find some for each value.
#include <boost/json/object.hpp>

#include "lineshaft/status.hpp"

namespace lineshaft {

boost::json::object to_json(const worker_status& status, const boost::json::storage_ptr& memory);

}  // namespace lineshaft
