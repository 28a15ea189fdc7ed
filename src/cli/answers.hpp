#pragma once
// A stop, as it is asked for and answered.
#include <boost/json/object.hpp>
#include <chrono>
#include <optional>
#include <string>

namespace lineshaft::cli {

/// The body of a request in which everything has to be gone: the manager keeps to it itself.
boost::json::object stop_budget(std::optional<std::chrono::milliseconds> within);

/// "stopped in 12 ms"
std::string stopped_text(const boost::json::object& answer);

/// Whether nobody of its tree is left. Not, if somebody could not be killed.
bool is_gone(const boost::json::object& answer);

}  // namespace lineshaft::cli
