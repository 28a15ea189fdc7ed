// lineshaft queues
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <format>
#include <iostream>

#include "cli/fields.hpp"
#include "cli/remote.hpp"
#include "cli/terminal.hpp"
#include "cli/verbs.hpp"

namespace lineshaft::cli {
namespace {

namespace json = boost::json;

std::string summary_of(const std::string& pipeline, const json::array& queues) {
  const auto all = [&](std::string_view name) {
    std::int64_t sum = 0;
    for (const auto& one : queues) sum += number_in(one.as_object(), name);
    return sum;
  };
  return std::format("{}: sent {} = done {} + in flight {} + lost {} + waiting {}", pipeline, all("sent"), all("done"),
                     all("in_flight"), all("lost"), all("depth"));
}

std::vector<text_table::cell> row_of(const json::object& queue) {
  const bool lost = number_in(queue, "lost") > 0;
  return {text_in(queue, "name"),
          text_in(queue, "sent"),
          text_in(queue, "done"),
          text_in(queue, "in_flight"),
          {text_in(queue, "lost"), lost ? colour::red : colour::plain},
          text_in(queue, "depth")};
}

int show(const invocation& with) {
  auto manager = find_manager(with);
  if (!manager) return manager.error();
  const auto answer = get(with, *manager, "/v1/queues");
  if (!answer) return answer.error();
  if (with.common.json) {
    std::cout << json::serialize(*answer) << '\n';
    return done;
  }
  const auto& queues = answer->at("queues").as_array();
  if (queues.empty()) {
    std::cout << manager->pipeline << ": no worker has opened a local queue\n";
    return done;
  }
  text_table rows({"QUEUE", "SENT", "DONE", "IN FLIGHT", "LOST", "WAITING"});
  for (const auto& one : queues) rows.add(row_of(one.as_object()));
  std::cout << summary_of(manager->pipeline, queues) << '\n' << rows.text(wants_colour(with.common));
  return done;
}

}  // namespace

verb queues_verb() {
  return {"queues",
          "Shows the accounts of the queues that the manager holds (local:NAME).",
          "To the message, over all processes that there have been: sent is what went in, done what a consumer has "
          "handled, in flight what a living one has in hand, lost what one had in hand when it died.",
          "{\"queues\": [{\"name\", \"sent\", \"done\", \"in_flight\", \"lost\", \"depth\"}]}: GET /v1/queues.",
          {},
          {},
          show};
}

}  // namespace lineshaft::cli
