// lineshaft why
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <format>
#include <iostream>

#include "cli/fields.hpp"
#include "cli/remote.hpp"
#include "cli/story.hpp"
#include "cli/verbs.hpp"

namespace lineshaft::cli {
namespace {

namespace json = boost::json;

struct choice {
  std::vector<std::string> names;
};

std::expected<told_worker, int> ask(const invocation& with, remote& manager, const std::string& name) {
  auto status = get(with, manager, "/v1/workers/" + name);
  if (!status) return std::unexpected(status.error());
  const auto exits = get(with, manager, "/v1/workers/" + name + "/exits");
  if (!exits) return std::unexpected(exits.error());
  const auto events = get(with, manager, "/v1/events?follow=false&workers=" + name);
  if (!events) return std::unexpected(events.error());
  told_worker told{std::move(*status), {}, {}};
  if (const auto& all = exits->at("exits").as_array(); !all.empty()) told.exit = all.back().as_object();
  for (const auto& one : events->at("events").as_array()) {
    const auto& event = one.as_object();
    if (told.exit && text_in(event, "event") == "exited" && text_in(event, "worker") == name &&
        number_in(event, "generation") == number_in(*told.exit, "generation"))
      told.event = event;
  }
  return told;
}

json::object to_json(const told_worker& told) {
  return {{"status", told.status},
          {"exit", told.exit ? json::value(*told.exit) : json::value(nullptr)},
          {"event", told.event ? json::value(*told.event) : json::value(nullptr)}};
}

int show(const invocation& with, const choice& chosen) {
  auto manager = find_manager(with);
  if (!manager) return manager.error();
  const auto known = known_workers(with, *manager);
  if (!known) return known.error();
  const auto names = matching_all(with, chosen.names, *known);
  if (!names) return names.error();
  bool first = true;
  for (const auto& name : *names) {
    const auto told = ask(with, *manager, name);
    if (!told) return told.error();
    if (!with.common.json && !std::exchange(first, false)) std::cout << '\n';
    std::cout << (with.common.json ? json::serialize(to_json(*told)) + "\n" : story_of(*told));
  }
  return done;
}

}  // namespace

verb why_verb() {
  auto kept = std::make_shared<choice>();
  return {
      "why",
      "Tells how the last process of a worker ended, and what happens next.",
      "",
      "{\"status\", \"exit\", \"event\"}, a line for each worker; exit and event are those of its last death, or null.",
      {},
      {{"NAME", "Workers: names, families of replicas, patterns.", 1, 0, &kept->names, completes::workers}},
      [kept](const invocation& with) { return show(with, *kept); },
      kept};
}

}  // namespace lineshaft::cli
