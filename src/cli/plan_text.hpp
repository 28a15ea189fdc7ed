#pragma once
// A plan of a reload, for people.
#include <boost/json/object.hpp>
#include <string>

namespace lineshaft::cli {

/// "nothing has changed", or a line for each change: "replace processor-0, processor-1 (options)", one for all settings
/// of the pipeline, and one for those that this manager does not take over. Of a plan as JSON.
std::string plan_text(const boost::json::object& plan);

}  // namespace lineshaft::cli
