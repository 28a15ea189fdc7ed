#include "cli/told.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
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

// As the manager's filter takes it: a family is all of its replicas, those that come later, too.
std::string filter_of(const std::vector<std::string>& wanted, const std::vector<std::string>& known) {
  std::string text;
  for (const auto& one : wanted) {
    const auto meant = matching(one, known, families::as_one);
    const bool family = meant.size() == 1 && meant.front() == one && !std::ranges::contains(known, one);
    text += (text.empty() ? "" : ",") + one + (family ? "-*" : "");
  }
  return text.empty() ? text : "&workers=" + control::percent_encoded(text);
}

// Who asks for an hour and is shown a minute is to know it.
void say_what_is_missing(const invocation& with, const history_source& from, const json::object& told,
                         std::chrono::milliseconds since) {
  const auto& kept = told.at(from.member).as_array();
  const auto begin = rfc3339(std::chrono::system_clock::now() - since);
  if (number_in(told, "missed") == 0 || (!kept.empty() && text_in(kept.front().as_object(), "time") <= begin)) return;
  std::cerr << std::format("{}: not all {} of that time are kept in memory any more{}\n", with.program, from.member,
                           from.older);
}

std::span<const json::value> kept_of(const json::array& all, const history_choice& chosen) {
  const auto since = chosen.since ? rfc3339(std::chrono::system_clock::now() - *chosen.since) : std::string();
  const auto* first =
      std::ranges::find_if(all, [&](const json::value& one) { return text_in(one.as_object(), "time") >= since; });
  const std::span wanted(first, all.end());
  return chosen.last ? wanted.last(std::min<std::size_t>(wanted.size(), *chosen.last)) : wanted;
}

}  // namespace

std::vector<option> history_options(history_choice& kept, const std::string& what) {
  return {
      flag("--follow", "-f", "Goes on with those that come.", kept.follow),
      duration_option("--since", "", "Those of this last time, such as 5m. Without: all that the manager keeps.",
                      kept.since),
      {"--last", "-n", "COUNT", "No more than so many " + what + " of those that are kept.",
       [&kept](const std::string& given) {
         kept.last = whole_number<std::uint64_t>(given);
         return kept.last ? std::string() : "'" + given + "' is no whole number";
       }},
  };
}

int read_history(const invocation& with, const history_source& from, const history_choice& chosen,
                 const std::function<void(const json::object&)>& take) {
  auto manager = find_manager(with);
  if (!manager) return manager.error();
  const auto known = known_workers(with, *manager);
  if (!known) return known.error();
  if (const auto meant = matching_all(with, chosen.workers, *known); !meant) return meant.error();
  const auto filter = filter_of(chosen.workers, *known);
  const auto told = get(with, *manager, from.target + "?follow=false" + filter);
  if (!told) return told.error();
  if (chosen.since) say_what_is_missing(with, from, *told, *chosen.since);
  for (const auto& one : kept_of(told->at(from.member).as_array(), chosen)) take(one.as_object());
  if (!chosen.follow) return done;
  const auto target = std::format("{}?since={}{}", from.target, number_in(*told, "last"), filter);
  const auto followed = follow(manager->client, target, [&](const json::object& one) {
    take(one);
    return true;
  });
  // The end of the manager is the end of what it tells.
  return followed || !control::nobody_is_there(followed.error()) ? done : refused(with, *manager, followed.error());
}

}  // namespace lineshaft::cli
