// The pages of the reference that are made from the tables of the control server.
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <cstdlib>
#include <format>
#include <fstream>
#include <sstream>

#include "control/metric_table.hpp"
#include "control/route.hpp"

using namespace lineshaft::control;

namespace {

std::string parameters_of(const route& one) {
  std::string text;
  for (const auto& parameter : one.parameters) {
    text += std::format("{}`{}`: {}", text.empty() ? "" : "<br>", parameter.name, parameter.doc);
  }
  return text;
}

std::string rows_of_routes() {
  std::string text;
  for (const auto& one : routes()) {
    text += std::format("| `{} {}` | {} | {} | {} |\n", one.method, one.path, to_string(one.needs), one.summary,
                        parameters_of(one));
  }
  return text;
}

std::string api_page() {
  return R"(# The API of a manager

Made from the code (`src/control/route.cpp`) by `reference_test.cpp`, which also compares it: do not edit it by hand.

HTTP/1.1 over the Unix socket `control.sock` in the run directory of the pipeline:
`curl --unix-socket run/control.sock http://localhost/v1/status`. `GET /v1/openapi.json` gives all of this as OpenAPI 3.1, with the
schemas of the answers.

| | role | | parameters |
|---|---|---|---|
)" + rows_of_routes() +
         R"(
**Parameters** stand in the query, or as members of a JSON object in the body: `?within=8s`, `{"within": "8s"}`. One that an endpoint does
not know is an error.

**Roles.** Each may do what those before it may: `metrics`, `read`, `operator`, `admin`. At the Unix socket the kernel says who asks
(SO_PEERCRED): root and the manager's own user are `admin`, others what the program was told, or nothing. Over TCP, which there is
only when asked for, each request brings a token: `Authorization: Bearer TOKEN`. Its `Host` has to be an address of this server, and a
page in a browser (`Origin`) is not answered. There is no TLS: TCP beyond this machine belongs behind something that has it.
The port of health is open to everybody, with the role `metrics`.

**Errors** are `application/problem+json` (RFC 9457); `detail` says what can be done.

| status | |
|---|---|
| 400 | it cannot be understood: `detail` names what, and what was expected |
| 401, 403 | who asks is not known, or may not |
| 404, 405 | there is no such thing, or not with this method; `detail` says what there is |
| 408, 413, 431 | it took too long, or is too large |
| 409 | the manager cannot do it: the reason |
| 421 | `Host` is not this server |
| 422 | the pipeline's files are wrong: nothing has changed |
| 503 | not healthy |
| 504 | it is not done yet |

**Streams.** `/v1/events` and `/v1/logs` are server-sent events. Each has a number, `id`; who comes back with it in `Last-Event-ID` (as
browsers do by themselves) or in `since` goes on where it was. The last 2048 events and the last MiB of lines are kept; what a reader
has missed is told as an event `dropped` with `missed`. A reader that is too slow costs nobody anything. While nothing happens, a
comment comes every 15 s. Lines are those of workers whose output is captured (`output.to` is `file` or `memory`); of a flood that
nobody follows only the last lines of each read are kept.

**Limits** for each of the Unix socket, TCP and health: 256 connections, of which the one that has been silent longest makes room for
the next; 16 KiB of headers, 64 KiB of body, 10 s for a request to arrive, 60 s between two.
)";
}

template <class Subject>
std::string rows_of(std::span<const metric<Subject>> table) {
  std::string text;
  for (const auto& one : table) {
    text +=
        std::format("| `{}` | {} | {} |\n", one.name, one.kind == metric_kind::counter ? "counter" : "gauge", one.help);
  }
  return text;
}

std::string rows_of_predecessor() {
  std::string text;
  for (const auto& one : predecessor_metrics_table()) text += std::format("| `{}` | {} |\n", one.name, one.help);
  return text;
}

std::string metrics_page() {
  return R"(# The metrics of a manager

Made from the code (`src/control/metric_table.cpp`) by `reference_test.cpp`, which also compares it: do not edit it by hand.

`GET /metrics`, in Prometheus' text format. Counters of a worker begin with 0 in each generation, which Prometheus knows how to
take; no label says the generation.

## Workers: labels `worker`, `class` (empty for a program)

| name | | |
|---|---|---|
)" + rows_of(worker_metrics_table()) +
         R"(| `lineshaft_worker_state` | gauge | 1 for the state that it is in, 0 for the others: label `state`. |
| `lineshaft_worker_process_restarts_total` | counter | Processes that followed another: label `cause`. |
| `lineshaft_app_NAME_total`, `lineshaft_app_NAME` | counter, gauge | What a worker class declares; flags are gauges of 0 and 1. |

## Local queues: label `queue`

| name | | |
|---|---|---|
)" + rows_of(queue_metrics_table()) +
         R"(
## The manager itself

| name | | |
|---|---|---|
| `lineshaft_manager_info` | gauge | Always 1: labels `pipeline`, `version`. |
| `lineshaft_manager_uptime_seconds` | gauge | Since its control server was started. |
| `process_cpu_seconds_total` | counter | Of the manager. |
| `process_resident_memory_bytes` | gauge | Of the manager. |

## The predecessor's names

When asked for, beside the others: untyped, as its exporter gave them, with the labels `worker_id` (0, 1, 2 … in the order of the
names) and `worker`.

| name | |
|---|---|
| `kuhl_haus_service_up` | 1 if no worker is dead: labels `service`, `container_image`, `image_version`. |
| `kuhl_haus_mdp_parallelism` | The number of workers. |
| `kuhl_haus_mdp_prefetch_count`, `kuhl_haus_mdp_max_concurrency` | `$PREFETCH_COUNT` and `$MAX_CONCURRENCY` of the manager; 0 where they are not set. |
)" + rows_of_predecessor();
}

void compare(const std::string& file, const std::string& page) {
  const auto path = REFERENCE_FOLDER "/" + file;
  if (std::getenv("LINESHAFT_WRITE_REFERENCE") != nullptr) std::ofstream(path) << page;
  std::stringstream written;
  written << std::ifstream(path).rdbuf();
  EXPECT_EQ(written.str(), page) << "LINESHAFT_WRITE_REFERENCE=1 ./dev exec build/bin/control_unit_test writes it anew";
}

}  // namespace

TEST(reference, of_the_api_is_what_the_table_of_routes_says) { compare("api.md", api_page()); }

TEST(reference, of_the_metrics_is_what_their_tables_say) { compare("prometheus.md", metrics_page()); }

TEST(reference, parameters_have_schemas_that_are_json) {
  for (const auto& route : routes()) {
    for (const auto& parameter : route.parameters) {
      boost::system::error_code ec;
      boost::json::parse(parameter.schema, ec);
      EXPECT_FALSE(ec) << route.path << " " << parameter.name;
    }
  }
}
