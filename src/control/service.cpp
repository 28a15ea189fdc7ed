#include "control/service.hpp"

#include "control/endpoints.hpp"
#include "control/openapi.hpp"
#include "control/problem.hpp"

namespace lineshaft::control {
namespace {

reply not_allowed(const route& to, role may) {
  if (may == role::nobody) {
    auto answer = problem(401,
                          "who asks is not known here: over TCP a token is expected, as 'Authorization: "
                          "Bearer …', at the Unix socket a user who has a role");
    answer.headers.emplace_back("WWW-Authenticate", "Bearer");
    return answer;
  }
  return problem(403, "this needs the role '" + std::string(to_string(to.needs)) + "', and yours is '" +
                          std::string(to_string(may)) + "'");
}

}  // namespace

std::expected<call, reply> understood(const request& asked, role may) {
  auto where = parse_target(asked.target);
  if (!where) return std::unexpected(problem(400, where.error().message()));
  auto found = find_route(asked.method, *where);
  if (!found) return std::unexpected(std::move(found.error()));
  if (may < found->to->needs) return std::unexpected(not_allowed(*found->to, may));
  auto given = parameters::of(std::move(where->query), asked.body);
  if (!given) return std::unexpected(problem(400, given.error().message()));
  if (const auto unknown = given->unknown(found->to->parameters)) {
    return std::unexpected(problem(400, "there is no parameter '" + *unknown + "' here"));
  }
  const auto resumed = asked.headers.find("last-event-id");
  return call{found->to, std::move(found->name), std::move(*given),
              resumed == asked.headers.end() ? std::string() : resumed->second, asked.by};
}

namespace {

bool starts_something(endpoint what) {
  return what == endpoint::start || what == endpoint::restart || what == endpoint::replicas || what == endpoint::reload;
}

boost::asio::awaitable<reply> perform(service& with, call asked) {
  switch (asked.to->what) {
    case endpoint::status: co_return status_of_all(with);
    case endpoint::worker: co_return status_of_one(with, asked);
    case endpoint::events: co_return events(with, asked);
    case endpoint::logs: co_return logs(with, asked);
    case endpoint::openapi: co_return json_reply(openapi_document());
    case endpoint::queues: co_return co_await queues(with);
    case endpoint::exits: co_return exits_of(with, asked);
    case endpoint::healthz: co_return co_await alive(with);
    case endpoint::readyz: co_return ready(with);
    case endpoint::health: co_return health(with);
    case endpoint::metrics: co_return co_await metrics(with);
    case endpoint::start: co_return co_await start_worker(with, std::move(asked));
    case endpoint::stop: co_return co_await stop_worker(with, std::move(asked));
    case endpoint::restart: co_return co_await restart_worker(with, std::move(asked));
    case endpoint::signal: co_return co_await signal_worker(with, std::move(asked));
    case endpoint::replicas: co_return co_await scale_worker(with, std::move(asked));
    case endpoint::reload: co_return co_await reload(with, std::move(asked));
    case endpoint::stop_some: co_return co_await stop_some(with, std::move(asked));
    case endpoint::stop_all: co_return co_await stop_everything(with, std::move(asked));
  }
  co_return problem(500, "this endpoint has no answer");
}

}  // namespace

boost::asio::awaitable<reply> answer(service& with, request asked, role may) {
  auto wanted = understood(asked, may);
  if (!wanted) co_return std::move(wanted.error());
  if (with.ending && starts_something(wanted->to->what)) {
    co_return problem(409, "the pipeline is being stopped, and nothing is started any more");
  }
  co_return co_await perform(with, std::move(*wanted));
}

}  // namespace lineshaft::control
