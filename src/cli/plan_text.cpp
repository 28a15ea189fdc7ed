#include "cli/plan_text.hpp"

#include <boost/json/array.hpp>
#include <format>

#include "cli/fields.hpp"

namespace lineshaft::cli {

std::string plan_text(const boost::json::object& plan) {
  const auto& changes = plan.at("changes").as_array();
  if (changes.empty()) return "nothing has changed";
  std::string text;
  for (const auto& one : changes) {
    const auto& change = one.as_object();
    std::string who;
    for (const auto& name : change.at("processes").as_array())
      who += (who.empty() ? "" : ", ") + std::string(name.as_string());
    text += std::format("{}{} {} ({})", text.empty() ? "" : "\n", text_in(change, "step"),
                        who.empty() ? text_in(change, "worker") : who, text_in(change, "why"));
  }
  return text;
}

}  // namespace lineshaft::cli
