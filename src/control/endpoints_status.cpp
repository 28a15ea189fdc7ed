#include <unistd.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "control/asking.hpp"
#include "control/endpoints.hpp"
#include "control/names.hpp"
#include "control/problem.hpp"
#include "control/version.hpp"

namespace lineshaft::control {
namespace json = boost::json;
using std::chrono::duration_cast;
using std::chrono::milliseconds;

reply status_of_all(service& with) {
  json::array workers;
  for (const auto& worker : with.commands.all()) workers.push_back(to_json(worker));
  const auto uptime = duration_cast<milliseconds>(std::chrono::steady_clock::now() - with.began);
  return json_reply({{"pipeline", with.who.service},
                     {"manager", {{"pid", ::getpid()}, {"version", version}, {"uptime_ms", uptime.count()}}},
                     {"workers", std::move(workers)}});
}

reply status_of_one(service& with, const call& asked) {
  const auto worker = with.commands.find(asked.name);
  return worker ? json_reply(to_json(*worker)) : no_such_worker(with, asked.name);
}

reply exits_of(service& with, const call& asked) {
  if (!with.commands.find(asked.name)) return no_such_worker(with, asked.name);
  json::array exits;
  for (const auto& record : with.manager.exit_records(asked.name)) exits.push_back(to_json(record));
  return json_reply({{"name", asked.name}, {"exits", std::move(exits)}});
}

boost::asio::awaitable<reply> queues(service& with) {
  const auto held = co_await answer_of<std::vector<queue_status>>(
      with.loop, supervisor_patience, [&](auto answered) { with.commands.queues(std::move(answered)); });
  if (!held) co_return problem(503, "the supervisor does not answer");
  json::array all;
  for (const auto& one : *held) {
    all.push_back({{"name", one.name},
                   {"sent", one.sent},
                   {"done", one.done},
                   {"in_flight", one.in_flight},
                   {"lost", one.lost},
                   {"depth", one.depth}});
  }
  co_return json_reply({{"queues", std::move(all)}});
}

}  // namespace lineshaft::control
