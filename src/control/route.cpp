#include "control/route.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <ranges>

#include "control/problem.hpp"

namespace lineshaft::control {
namespace {

constexpr std::string_view duration = R"({"type": "string", "pattern": "^[0-9]+(ms|s|m|h)$", "example": "8s"})";

constexpr std::array within = {
    parameter{"within", duration, "How long it may take to leave; then it is killed. Without: its own stop_timeout."}};
constexpr std::array stop_within = {parameter{
    "within", duration, "One budget for all of them. Without: the pipeline's stop_timeout, or else its worst case."}};
constexpr std::array stop_some_within = {
    parameter{"workers", R"({"type": "string", "example": "listener,processor-*"})",
              "Which ones: names and patterns, with commas between them. At least one has to be there."},
    parameter{"within", duration, "One budget for all of them. Without: for each its own stop_timeout."},
};
constexpr std::array of_streams = {
    parameter{"follow", R"({"type": "boolean", "default": true})", "false: what is kept, as JSON."},
    parameter{"since", R"({"type": "integer", "minimum": 0})",
              "Those after this number; 0: all that are kept. Without: of a stream, those that come. A client that "
              "comes back sends it as the header Last-Event-ID."},
    parameter{"workers", R"({"type": "string", "example": "listener,processor-*"})",
              "Of these workers alone: names and patterns, with commas between them."},
};
constexpr std::array dry_run = {
    parameter{"dry_run", R"({"type": "boolean", "default": false})", "true: only says what would be done."}};
constexpr std::array which_signal = {
    parameter{"signal", R"({"type": ["string", "integer"], "example": "SIGHUP"})", "By name or by number."}};
constexpr std::array how_many = {parameter{"replicas", R"({"type": "integer", "minimum": 0, "maximum": 1000})",
                                           "How many processes it is to have."}};

constexpr auto text_of_metrics = "text/plain";

constexpr std::array<route, 19> all = {{
    {"GET",
     "/v1/status",
     endpoint::status,
     role::read,
     "Everything about the manager and its workers",
     {},
     "status",
     "status"},
    {"GET", "/v1/workers/{name}", endpoint::worker, role::read, "Everything about one worker", {}, "worker", "worker"},
    {"GET",
     "/v1/workers/{name}/exits",
     endpoint::exits,
     role::read,
     "How the processes of a worker ended: the last 16, oldest first",
     {},
     "exits",
     "exits"},
    {"GET",
     "/v1/queues",
     endpoint::queues,
     role::read,
     "The accounts of the queues that the manager holds: sent = done + in_flight + lost + depth",
     {},
     "queues",
     "queues"},
    {"POST",
     "/v1/workers/{name}/start",
     endpoint::start,
     role::operate,
     "Starts a worker that is down, as it was defined",
     {},
     "start",
     "started"},
    {"POST", "/v1/workers/{name}/stop", endpoint::stop, role::operate, "Stops a worker", within, "stop", "stopped"},
    {"POST", "/v1/workers/stop", endpoint::stop_some, role::operate,
     "Stops several workers: those that nobody of them needs any more first, the others side by side", stop_some_within,
     "stopSome", "all_stopped"},
    {"POST",
     "/v1/workers/{name}/restart",
     endpoint::restart,
     role::operate,
     "Stops a worker and starts it again; of one with replicas one after the other, each ready before the next",
     {},
     "restart",
     "restarted"},
    {"POST", "/v1/workers/{name}/signal", endpoint::signal, role::operate, "Sends a signal to the process of a worker",
     which_signal, "signal", "signalled"},
    {"PUT", "/v1/workers/{name}/replicas", endpoint::replicas, role::operate,
     "Changes the number of processes of a worker with replicas", how_many, "scale", "scaled"},
    {"GET", "/v1/events", endpoint::events, role::read,
     "What happens to the workers: server-sent events, or what is kept as JSON", of_streams, "events", "events",
     "event_or_gap"},
    {"GET", "/v1/logs", endpoint::logs, role::read,
     "What the workers print, where it is captured: server-sent events, or what is kept as JSON", of_streams, "logs",
     "lines", "line_or_gap"},
    {"POST", "/v1/reload", endpoint::reload, role::admin,
     "Reads the pipeline's files again, and makes the running pipeline that: only what changed moves", dry_run,
     "reload", "plan"},
    {"POST", "/v1/stop", endpoint::stop_all, role::admin, "Stops the whole pipeline, and the manager with it",
     stop_within, "stopAll", "all_stopped"},
    {"GET", "/v1/openapi.json", endpoint::openapi, role::read, "This document", {}, "openapi", "document"},
    {"GET",
     "/healthz",
     endpoint::healthz,
     role::metrics,
     "Whether the manager is alive: for a liveness probe",
     {},
     "healthz",
     "alive"},
    {"GET",
     "/readyz",
     endpoint::readyz,
     role::metrics,
     "Whether all essential workers are ready: for a readiness probe",
     {},
     "readyz",
     "readiness"},
    {"GET",
     "/health",
     endpoint::health,
     role::metrics,
     "Every worker in the shape of the predecessor's /health",
     {},
     "health",
     "health"},
    {"GET",
     "/metrics",
     endpoint::metrics,
     role::metrics,
     "Everything countable, for Prometheus",
     {},
     "metrics",
     "text",
     {},
     text_of_metrics},
}};

/// The name in it, if the path is one of the pattern.
std::optional<std::string> match(std::string_view pattern, const std::vector<std::string>& path) {
  std::string name;
  std::size_t at = 0;
  for (const auto part : std::views::split(pattern.substr(1), '/')) {
    const std::string_view expected(part);
    if (at == path.size()) return std::nullopt;
    const auto& segment = path[at++];
    if (expected == "{name}") {
      name = segment;
    } else if (segment != expected) {
      return std::nullopt;
    }
  }
  return at == path.size() ? std::optional(name) : std::nullopt;
}

reply not_allowed(std::string_view method, const std::string& allowed) {
  auto answer = problem(405, "'" + std::string(method) + "' is not possible here, but " + allowed + " is");
  answer.headers.emplace_back("Allow", allowed);
  return answer;
}

}  // namespace

std::span<const route> routes() { return all; }

std::expected<routed, reply> find_route(std::string_view method, const target& where) {
  std::string allowed;
  for (const auto& one : all) {
    auto name = match(one.path, where.path);
    if (!name) continue;
    // HEAD is GET without its body.
    if (one.method == method || (method == "HEAD" && one.method == "GET")) return routed{&one, std::move(*name)};
    allowed += (allowed.empty() ? "" : ", ") + std::string(one.method);
  }
  if (allowed.empty()) return std::unexpected(problem(404, "there is nothing here: GET /v1/openapi.json says what is"));
  return std::unexpected(not_allowed(method, allowed));
}

}  // namespace lineshaft::control
