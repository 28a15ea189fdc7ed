#include "cli/plan_text.hpp"

#include <boost/json/array.hpp>
#include <format>

#include "cli/fields.hpp"

namespace lineshaft::cli {

namespace {

std::string joined(const boost::json::value& names) {
  std::string text;
  for (const auto& name : names.as_array()) text += (text.empty() ? "" : ", ") + std::string(name.as_string());
  return text;
}

}  // namespace

std::string plan_text(const boost::json::object& plan) {
  std::string text;
  const auto add = [&](const std::string& line) { text += (text.empty() ? "" : "\n") + line; };
  for (const auto& one : plan.at("changes").as_array()) {
    const auto& change = one.as_object();
    const auto who = joined(change.at("processes"));
    add(std::format("{} {} ({})", text_in(change, "step"), who.empty() ? text_in(change, "worker") : who,
                    text_in(change, "why")));
  }
  if (const auto settings = joined(plan.at("settings")); !settings.empty()) add("adopt " + settings);
  if (const auto later = joined(plan.at("later")); !later.empty())
    add("only a new start of the manager takes over " + later);
  return text.empty() ? "nothing has changed" : text;
}

}  // namespace lineshaft::cli
