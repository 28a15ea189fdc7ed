#include "cli/told.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <format>
#include <iostream>
#include <span>

#include "base/rfc3339.hpp"
#include "base/whole_number.hpp"
#include "cli/fields.hpp"
#include "control/target.hpp"

namespace lineshaft::cli {
namespace {

namespace json = boost::json;

std::string begin_of(std::chrono::milliseconds since) { return rfc3339(std::chrono::system_clock::now() - since); }

std::span<const json::value> kept_of(const json::array& all, const history_choice& chosen) {
  const auto since = chosen.since ? begin_of(*chosen.since) : std::string();
  const auto* first =
      std::ranges::find_if(all, [&](const json::value& one) { return text_in(one.as_object(), "time") >= since; });
  const std::span wanted(first, all.end());
  return chosen.last ? wanted.last(std::min<std::size_t>(wanted.size(), *chosen.last)) : wanted;
}

}  // namespace

std::vector<option> history_options(history_choice& kept, const std::string& what, const std::string& all) {
  return {
      flag("--follow", "-f", "Goes on with those that come.", kept.follow),
      duration_option("--since", "", "Those of this last time, such as 5m. Without: " + all + ".", kept.since),
      {"--last", "-n", "COUNT", "No more than so many " + what + ": the last ones.",
       [&kept](const std::string& given) {
         kept.last = whole_number<std::uint64_t>(given);
         return kept.last ? std::string() : "'" + given + "' is no whole number";
       }},
  };
}

std::string filter_of(const std::vector<std::string>& wanted, const std::vector<family_member>& known) {
  std::string text;
  for (const auto& one : wanted) {
    const auto meant = matching(one, known, families::as_one);
    const bool family =
        meant.size() == 1 && meant.front() == one && !std::ranges::contains(known, one, &family_member::name);
    text += (text.empty() ? "" : ",") + one + (family ? "-[0-9]*" : "");
  }
  return text.empty() ? text : "&workers=" + control::percent_encoded(text);
}

int go_on(const invocation& with, remote& manager, const std::string& target, const take_one& take) {
  const auto followed = follow(manager.client, target, [&](const json::object& one) {
    take(one);
    return true;
  });
  // The end of the manager is the end of what it tells.
  return followed || !control::nobody_is_there(followed.error()) ? done : refused(with, manager, followed.error());
}

void say_incomplete(const invocation& with, const std::string& what) {
  if (with.common.json) {
    std::cout << json::serialize(json::object{{"event", "dropped"}, {"missed", nullptr}, {"cause", what}}) << '\n';
  } else {
    std::cerr << with.program << ": " << what << '\n';
  }
}

int read_events(const invocation& with, const history_choice& chosen, const take_one& take) {
  auto manager = find_manager(with);
  if (!manager) return manager.error();
  const auto known = known_workers(with, *manager);
  if (!known) return known.error();
  if (const auto meant = matching_all(with, chosen.workers, *known); !meant) return meant.error();
  const auto filter = filter_of(chosen.workers, *known);
  const auto told = get(with, *manager, "/v1/events?follow=false" + filter);
  if (!told) return told.error();
  const auto& kept = told->at("events").as_array();
  // Who asks for an hour and is shown a minute is to know it.
  if (chosen.since && number_in(*told, "missed") > 0 &&
      (kept.empty() || text_in(kept.front().as_object(), "time") > begin_of(*chosen.since)))
    say_incomplete(with, "not all events of that time are kept in memory any more");
  for (const auto& one : kept_of(kept, chosen)) take(one.as_object());
  if (!chosen.follow) return done;
  return go_on(with, *manager, std::format("/v1/events?since={}{}", number_in(*told, "last"), filter), take);
}

}  // namespace lineshaft::cli
