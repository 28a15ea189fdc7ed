#include "cli/answers.hpp"

#include <format>

#include "cli/fields.hpp"
#include "cli/terminal.hpp"

namespace lineshaft::cli {
namespace {

const boost::json::array& left_behind(const boost::json::object& answer) {
  return answer.at("exit").at("left_behind").as_array();
}

}  // namespace

boost::json::object stop_budget(std::optional<std::chrono::milliseconds> within) {
  // In the unit that every span is a whole number of, and which every manager reads.
  return within ? boost::json::object{{"within", std::format("{}ms", within->count())}} : boost::json::object();
}

std::string stopped_text(const boost::json::object& answer) {
  const auto how = text_in(answer, "outcome");
  const auto took = span_for_people(std::chrono::milliseconds(number_in(answer, "took_ms")));
  if (how == "not_running") return "was not running";
  if (answer.at("exit").is_null()) return "was killed, and has not ended after " + took;
  auto text = (how == "clean" ? "stopped in " : "did not leave in time, killed after ") + took;
  for (const auto& one : left_behind(answer))
    text += std::format("; cannot be killed, and lives on: {}", one.as_string().c_str());
  return text;
}

bool is_gone(const boost::json::object& answer) {
  return text_in(answer, "outcome") == "not_running" || (!answer.at("exit").is_null() && left_behind(answer).empty());
}

}  // namespace lineshaft::cli
