#pragma once
// Answers of GET /v1/status in short.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <string>
#include <vector>

namespace statuses {

inline boost::json::object worker(std::string name, std::string state, std::int64_t processed = 0,
                                  std::int64_t generation = 1) {
  const auto family = name.substr(0, name.find('-'));
  const bool alive = state == "running" || state == "starting";
  return {{"name", name},
          {"family", family},
          {"state", state},
          {"ready", state == "running"},
          {"pid", alive ? boost::json::value(100) : boost::json::value(nullptr)},
          {"generation", generation},
          {"process_restarts", generation - 1},
          {"processed", processed},
          {"uptime_ms", 1000},
          {"age_ms", 100},
          {"after", boost::json::array()}};
}

inline boost::json::object of(std::vector<boost::json::object> workers) {
  boost::json::array all(workers.begin(), workers.end());
  return {{"pipeline", "test"}, {"manager", {{"pid", 7}, {"uptime_ms", 65000}}}, {"workers", std::move(all)}};
}

}  // namespace statuses
