#include "control/asking.hpp"
#include "control/endpoints.hpp"
#include "control/problem.hpp"
#include "control/version.hpp"

namespace lineshaft::control {
using boost::asio::awaitable;
using std::chrono::duration_cast;
using std::chrono::milliseconds;

awaitable<reply> alive(service& with) {
  const auto there = co_await answer_of<bool>(with.loop, supervisor_patience,
                                              [&](auto answered) { with.commands.is_there(std::move(answered)); });
  if (!there) co_return problem(503, "the supervisor does not answer");
  co_return json_reply({{"status", "alive"}});
}

reply ready(service& with) { return readiness(with.commands.all()); }

reply health(service& with) { return predecessor_health(with.who, with.commands.all()); }

awaitable<reply> metrics(service& with) {
  auto queues = co_await answer_of<std::vector<queue_status>>(
      with.loop, supervisor_patience, [&](auto answered) { with.commands.queues(std::move(answered)); });
  const auto uptime = duration_cast<milliseconds>(std::chrono::steady_clock::now() - with.began);
  with.commands.learn_help(with.metric_help);
  const observed now{with.who,
                     std::string(version),
                     uptime,
                     with.commands.all(),
                     std::move(queues).value_or(std::vector<queue_status>()),
                     with.metric_help};
  co_return reply{
      .content_type = "text/plain; version=0.0.4; charset=utf-8", .body = metrics_text(now, with.names), .headers = {}};
}

}  // namespace lineshaft::control
