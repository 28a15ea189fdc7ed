#include "cli/answers.hpp"

#include <format>

#include "cli/fields.hpp"
#include "cli/terminal.hpp"

namespace lineshaft::cli {

boost::json::object stop_budget(std::optional<std::chrono::milliseconds> within) {
  // In the unit that every span is a whole number of, and which every manager reads.
  return within ? boost::json::object{{"within", std::format("{}ms", within->count())}} : boost::json::object();
}

std::string stopped_text(const boost::json::object& answer) {
  const auto how = text_in(answer, "outcome");
  const auto took = span_for_people(std::chrono::milliseconds(number_in(answer, "took_ms")));
  if (how == "clean") return "stopped in " + took;
  return how == "killed" ? "did not leave in time, killed after " + took : "was not running";
}

}  // namespace lineshaft::cli
