#include "control/known_worker.hpp"

#include <boost/json/value_from.hpp>

#include "status/json.hpp"

namespace lineshaft::control {

boost::json::object to_json(const known_worker& worker, const boost::json::storage_ptr& memory) {
  auto told = lineshaft::to_json(worker.status, memory);
  told["class"] = worker.place.class_name;
  told["family"] = worker.place.family;
  told["essential"] = worker.place.essential;
  told["after"] = boost::json::value_from(worker.place.after, memory);
  return told;
}

}  // namespace lineshaft::control
