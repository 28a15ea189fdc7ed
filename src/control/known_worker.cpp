#include "control/known_worker.hpp"

#include <boost/json/value_from.hpp>

namespace lineshaft::control {

boost::json::object to_json(const known_worker& worker) {
  auto told = lineshaft::to_json(worker.status);
  told["class"] = worker.place.class_name;
  told["family"] = worker.place.family;
  told["essential"] = worker.place.essential;
  told["after"] = boost::json::value_from(worker.place.after);
  return told;
}

}  // namespace lineshaft::control
