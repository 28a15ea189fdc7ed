#include <boost/json/array.hpp>
#include <format>
#include <limits>

#include "base/rfc3339.hpp"
#include "control/endpoints.hpp"
#include "control/filter.hpp"
#include "control/history_stream.hpp"
#include "control/problem.hpp"
#include "telemetry/utf8.hpp"

namespace lineshaft::control {
namespace json = boost::json;

namespace {

/// What a reader of a history asks for.
struct wish {
  bool follow = true;
  std::optional<std::uint64_t> since;
  worker_filter workers;
};

result<wish> wish_of(const call& asked) {
  const auto follow = asked.given.boolean("follow", true);
  if (!follow) return std::unexpected(follow.error());
  auto since = asked.given.number("since", std::numeric_limits<std::uint64_t>::max());
  if (!since) return std::unexpected(since.error());
  // The header is a browser's, which sends the URL of the beginning again with it.
  std::map<std::string, std::string> header;
  if (!asked.last_event_id.empty()) header.emplace("Last-Event-ID", asked.last_event_id);
  const auto resumed = parameters::of(header, {})->number("Last-Event-ID", std::numeric_limits<std::uint64_t>::max());
  if (!resumed) return std::unexpected(resumed.error());
  return wish{*follow, *resumed ? *resumed : *since, worker_filter(asked.given.text("workers").value_or(""))};
}

template <class History>
reply told(service& with, const std::shared_ptr<History>& of, std::string_view name, const wish& wanted,
           telling<typename History::item> how) {
  const auto loop = with.loop.lock();
  if (wanted.follow) {
    reply answer{.content_type = "text/event-stream", .body = {}, .headers = {}};
    answer.goes_on = std::make_shared<history_stream<History>>(loop->get_executor(), of,
                                                               wanted.since.value_or(of->last()), std::move(how));
    return answer;
  }
  const auto found = of->after(wanted.since.value_or(0), std::numeric_limits<std::size_t>::max());
  json::array items;
  for (const auto& one : found.items) {
    if (how.wanted(one)) items.push_back(how.data(one));
  }
  return json_reply({{name, std::move(items)}, {"last", found.last}, {"missed", found.missed}});
}

json::object to_json(const output::recent_line& line) {
  return {{"id", line.id},
          {"time", rfc3339(line.time)},
          {"worker", line.origin->worker},
          {"generation", line.origin->generation},
          {"stream", line.from == output::stream::out ? "out" : "err"},
          {"line", telemetry::well_formed_utf8(line.text)}};
}

}  // namespace

reply events(service& with, const call& asked) {
  auto wanted = wish_of(asked);
  if (!wanted) return problem(400, wanted.error().message());
  telling<event> how{
      .wanted = [workers = wanted->workers](const event& one) { return workers.lets_pass(one.worker); },
      .id = [](const event& one) { return one.seq; },
      .type = [](const event& one) { return std::string(to_string(one.kind)); },
      .data = [](const event& one) { return to_json(one); },
  };
  return told(with, with.events, "events", *wanted, std::move(how));
}

reply logs(service& with, const call& asked) {
  auto wanted = wish_of(asked);
  if (!wanted) return problem(400, wanted.error().message());
  using line = output::recent_line;
  telling<line> how{
      .wanted = [workers = wanted->workers](const line& one) { return workers.lets_pass(one.origin->worker); },
      .id = [](const line& one) { return one.id; },
      .type = [](const line&) { return std::string("line"); },
      .data = [](const line& one) { return to_json(one); },
  };
  return told(with, with.lines, "lines", *wanted, std::move(how));
}

}  // namespace lineshaft::control
