#pragma once
// The OpenAPI 3.1 document of the API, made from the table of routes.
#include <boost/json/object.hpp>

namespace lineshaft::control {

boost::json::object openapi_document();

}  // namespace lineshaft::control
