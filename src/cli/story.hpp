#pragma once
// The story of a worker's last death, in sentences: what, when, after what, its last lines, and what happens next.
// Pure.
#include <boost/json/object.hpp>
#include <optional>
#include <string>

namespace lineshaft::cli {

struct told_worker {
  boost::json::object status;                ///< of the worker, as the API answers
  std::optional<boost::json::object> exit;   ///< its newest exit record
  std::optional<boost::json::object> event;  ///< the one that told of that exit, while the manager keeps it
};

std::string story_of(const told_worker& worker);

}  // namespace lineshaft::cli
