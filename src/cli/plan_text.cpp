#include "cli/plan_text.hpp"

#include <format>

namespace lineshaft::cli {

std::string plan_text(const reload_plan& plan) {
  if (plan.changes.empty()) return "nothing has changed";
  std::string text;
  for (const auto& change : plan.changes) {
    std::string who;
    for (const auto& name : change.processes) who += (who.empty() ? "" : ", ") + name;
    text += std::format("{}{} {} ({})", text.empty() ? "" : "\n", to_string(change.step),
                        who.empty() ? change.worker : who, change.why);
  }
  return text;
}

}  // namespace lineshaft::cli
