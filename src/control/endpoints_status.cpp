#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "control/asking.hpp"
#include "control/endpoints.hpp"
#include "control/names.hpp"
#include "control/problem.hpp"
#include "control/version.hpp"

namespace lineshaft::control {
namespace json = boost::json;
using std::chrono::duration_cast;
using std::chrono::milliseconds;

namespace {

// Many workers are some thousand values. Each becomes text before the next one, in memory that is at hand.
std::string list_of(const std::vector<known_worker>& workers) {
  std::string text;
  std::array<unsigned char, 16 * 1024> room;
  for (const auto& worker : workers) {
    json::monotonic_resource memory(room.data(), room.size());
    text += (text.empty() ? "" : ",") + json::serialize(to_json(worker, &memory));
  }
  return "[" + text + "]";
}

}  // namespace

reply status_of_all(service& with) {
  const auto uptime = duration_cast<milliseconds>(std::chrono::steady_clock::now() - with.began);
  const auto log_dir = with.commands.log_dir();
  const json::object manager{{"pid", ::getpid()},
                             {"version", version},
                             {"uptime_ms", uptime.count()},
                             {"log_dir", log_dir.empty() ? json::value(nullptr) : json::value(log_dir)}};
  auto text = json::serialize(json::object{{"pipeline", with.who.service}, {"manager", manager}});
  text.pop_back();
  return {.body = text + ",\"workers\":" + list_of(with.commands.all()) + "}\n", .headers = {}};
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
