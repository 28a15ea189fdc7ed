#pragma once
// An event as a line for people.
#include <boost/json/object.hpp>
#include <string>

namespace lineshaft::cli {

/// "17:12:06.123Z processor-0.2 exited: killed by SIGSEGV (core dumped)", of an event as JSON.
std::string event_line(const boost::json::object& shown, bool coloured);

}  // namespace lineshaft::cli
