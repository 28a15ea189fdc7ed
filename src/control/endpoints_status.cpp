#include <unistd.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "control/endpoints.hpp"
#include "control/names.hpp"
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

}  // namespace lineshaft::control
