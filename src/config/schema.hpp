#pragma once
// The JSON Schema and the reference page of pipeline files, from the table of keys that reads them.
#include <boost/json/object.hpp>
#include <span>
#include <string>

#include "lineshaft/worker_class.hpp"

namespace lineshaft::config {

/// Draft 2020-12. With the classes of a program, their names.
boost::json::object schema(std::span<const worker_class> classes);

/// docs/reference/pipeline-file.md
std::string reference_page();

}  // namespace lineshaft::config
