#pragma once
// JSON Schemas of what the API answers, by name.
#include <boost/json/object.hpp>

namespace lineshaft::control {

const boost::json::object& schemas();

}  // namespace lineshaft::control
