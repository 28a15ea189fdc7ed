#pragma once
// The one table of what can be asked for: requests are matched by it, and the OpenAPI document is made from it.
#include <expected>
#include <span>
#include <string>
#include <string_view>

#include "control/message.hpp"
#include "control/parameter.hpp"
#include "control/target.hpp"

namespace lineshaft::control {

enum class endpoint {
  status,
  worker,
  start,
  stop,
  restart,
  signal,
  replicas,
  stop_all,
  stop_some,
  reload,
  exits,
  events,
  healthz,
  readyz,
  health,
  metrics,
  openapi,
  logs,
  queues,
};

struct route {
  std::string_view method;
  std::string_view path;  ///< "/v1/workers/{name}"
  endpoint what;
  role needs;
  std::string_view summary;
  std::span<const parameter> parameters;
  std::string_view id;           ///< of the operation, in the OpenAPI document
  std::string_view answer;       ///< a schema
  std::string_view stream = {};  ///< of what each event of a stream holds, if there may be one
  std::string_view answer_type = "application/json";
};

std::span<const route> routes();

struct routed {
  const route* to;
  std::string name;  ///< what stands in the place of {name}
};

/// Or the answer: 404, or 405 with what is allowed.
std::expected<routed, reply> find_route(std::string_view method, const target& where);

}  // namespace lineshaft::control
