#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "control/asking.hpp"
#include "control/endpoints.hpp"
#include "control/filter.hpp"
#include "control/names.hpp"
#include "control/problem.hpp"
#include "control/stopped.hpp"

namespace lineshaft::control {
namespace json = boost::json;
using boost::asio::awaitable;
using std::chrono::milliseconds;

namespace {

// A supervisor that turns answers within its workers' own times, which may be long. A client that has had enough
// leaves before; this only ends waits for what never comes.
constexpr milliseconds longest_wait = std::chrono::hours(1);
constexpr std::uint64_t most_replicas = 1000;

bool is_known(service& with, const std::string& name) { return with.commands.find(name).has_value(); }

reply all_stopped(const std::vector<stop_outcome>& outcomes) {
  json::array workers;
  for (const auto& outcome : outcomes) workers.push_back(to_json(outcome));
  return json_reply({{"workers", std::move(workers)}});
}

reply too_late() { return problem(504, "the manager has not done it yet: GET /v1/status says how it stands"); }

reply started(service& with, const std::string& name, const std::optional<result<pid_t>>& outcome) {
  if (!outcome) return too_late();
  if (!*outcome) return problem_of(outcome->error());
  return json_reply({{"name", name}, {"pid", **outcome}, {"generation", with.manager.get_status(name).generation}});
}

}  // namespace

awaitable<reply> start_worker(service& with, call asked) {
  if (!is_known(with, asked.name)) co_return no_such_worker(with, asked.name);
  const auto outcome = co_await answer_of<result<pid_t>>(
      with.loop, longest_wait, [&](auto answered) { with.commands.start(asked.name, std::move(answered)); });
  co_return started(with, asked.name, outcome);
}

awaitable<reply> stop_worker(service& with, call asked) {
  if (!is_known(with, asked.name)) co_return no_such_worker(with, asked.name);
  const auto within = asked.given.duration("within");
  if (!within) co_return problem(400, within.error().message());
  const auto outcome = co_await answer_of<stop_outcome>(with.loop, longest_wait, [&](auto answered) {
    with.commands.stop(asked.name, *within, asked.by, std::move(answered));
  });
  co_return outcome ? json_reply(to_json(*outcome)) : too_late();
}

awaitable<reply> restart_worker(service& with, call asked) {
  if (is_known(with, asked.name)) {
    const auto outcome = co_await answer_of<result<pid_t>>(with.loop, longest_wait, [&](auto answered) {
      with.commands.restart(asked.name, asked.by, std::move(answered));
    });
    co_return started(with, asked.name, outcome);
  }
  if (replicas_of(with, asked.name).empty()) co_return no_such_worker(with, asked.name);
  const auto outcome = co_await answer_of<result<>>(with.loop, longest_wait, [&](auto answered) {
    with.commands.restart_rolling(asked.name, asked.by, std::move(answered));
  });
  if (!outcome) co_return too_late();
  if (!*outcome) co_return problem_of(outcome->error());
  json::array replicas;
  for (const auto& name : replicas_of(with, asked.name)) replicas.push_back(json::string(name));
  co_return json_reply({{"name", asked.name}, {"replicas", std::move(replicas)}});
}

awaitable<reply> signal_worker(service& with, call asked) {
  if (!is_known(with, asked.name)) co_return no_such_worker(with, asked.name);
  const auto number = asked.given.signal("signal");
  if (!number) co_return problem(400, number.error().message());
  if (!*number) co_return problem(400, "a signal is expected: ?signal=SIGHUP, or {\"signal\": \"SIGHUP\"} as the body");
  const auto outcome = co_await answer_of<result<>>(with.loop, longest_wait, [&](auto answered) {
    with.commands.signal(asked.name, **number, asked.by, std::move(answered));
  });
  if (!outcome) co_return too_late();
  if (!*outcome) co_return problem_of(outcome->error());
  co_return json_reply({{"name", asked.name}, {"signal", **number}});
}

awaitable<reply> scale_worker(service& with, call asked) {
  const auto count = asked.given.number("replicas", most_replicas);
  if (!count) co_return problem(400, count.error().message());
  if (!*count) co_return problem(400, "a number is expected: ?replicas=3, or {\"replicas\": 3} as the body");
  const auto outcome = co_await answer_of<result<>>(with.loop, longest_wait, [&](auto answered) {
    with.commands.scale(asked.name, static_cast<std::uint32_t>(**count), asked.by, std::move(answered));
  });
  if (!outcome) co_return too_late();
  if (!*outcome) co_return problem_of(outcome->error());
  co_return json_reply({{"name", asked.name}, {"replicas", **count}});
}

awaitable<reply> stop_some(service& with, call asked) {
  const auto within = asked.given.duration("within");
  if (!within) co_return problem(400, within.error().message());
  const auto wanted = asked.given.text("workers").value_or("");
  if (wanted.empty()) co_return problem(400, "'workers' is expected: names and patterns, with commas between them");
  const worker_filter chosen(wanted);
  std::vector<std::string> names;
  for (const auto& one : with.commands.all()) {
    if (chosen.lets_pass(one.status.name)) names.push_back(one.status.name);
  }
  if (names.empty()) co_return problem(404, "there is no worker that '" + wanted + "' means");
  const auto outcomes = co_await answer_of<std::vector<stop_outcome>>(with.loop, longest_wait, [&](auto answered) {
    with.commands.stop_some(std::move(names), *within, asked.by, std::move(answered));
  });
  co_return outcomes ? all_stopped(*outcomes) : too_late();
}

awaitable<reply> stop_everything(service& with, call asked) {
  const auto within = asked.given.duration("within");
  if (!within) co_return problem(400, within.error().message());
  with.ending = true;
  const auto outcomes = co_await answer_of<std::vector<stop_outcome>>(with.loop, longest_wait, [&](auto answered) {
    with.commands.stop_all(*within, asked.by, std::move(answered));
    // After it: the program stops them, too, and whoever comes second finds some of them down.
    with.hooks.stopping(*within);
  });
  co_return outcomes ? all_stopped(*outcomes) : too_late();
}

}  // namespace lineshaft::control
