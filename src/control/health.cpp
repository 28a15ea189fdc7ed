#include "control/health.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace lineshaft::control {
namespace json = boost::json;

namespace {

constexpr unsigned unavailable = 503;

/// The eleven keys of the predecessor, then the name.
json::object processor(const worker_status& worker) {
  constexpr std::array keys = {"alive",           "pid",       "processed",         "errors",
                               "decoding_errors", "published", "processing_errors", "mdq_connected",
                               "mdc_connected",   "restarts",  "running",           "name"};
  const auto whole = lineshaft::to_json(worker);
  json::object shown;
  for (const auto* key : keys) shown[key] = whole.at(key);
  return shown;
}

std::string told(const worker_status& worker) {
  return "'" + worker.name + "' is dead" + (worker.error.empty() ? "" : ": " + worker.error);
}

}  // namespace

bool is_dead(const known_worker& worker) {
  const auto& [status, place] = worker;
  return !status.alive && (status.state == worker_state::backoff || status.state == worker_state::failed);
}

reply readiness(const std::vector<known_worker>& workers) {
  json::array missing;
  for (const auto& [worker, place] : workers) {
    if (!place.essential || worker.ready || worker.state == worker_state::completed) continue;
    missing.push_back({{"worker", worker.name}, {"state", to_string(worker.state)}, {"error", worker.error}});
  }
  if (workers.empty()) return json_reply({{"status", "starting"}, {"missing", missing}}, unavailable);
  const bool ready = missing.empty();
  return json_reply({{"status", ready ? "ready" : "not ready"}, {"missing", std::move(missing)}},
                    ready ? 200 : unavailable);
}

reply predecessor_health(const service_identity& who, const std::vector<known_worker>& workers) {
  std::string message;
  json::array processors;
  for (const auto& worker : workers) {
    if (is_dead(worker)) message += (message.empty() ? "" : "; ") + told(worker.status);
    processors.push_back(processor(worker.status));
  }
  const bool healthy = message.empty();
  json::object body{{"service", who.service},
                    {"status", healthy ? "OK" : "ERROR"},
                    {"status_code", healthy ? 1 : 0},
                    {"container_image", who.container_image},
                    {"image_version", who.image_version},
                    {"parallelism", workers.size()},
                    {"prefetch_count", who.prefetch_count},
                    {"max_concurrency", who.max_concurrency},
                    {"processors", std::move(processors)}};
  if (!healthy) body["message"] = message;
  return json_reply(std::move(body), healthy ? 200 : unavailable);
}

}  // namespace lineshaft::control
