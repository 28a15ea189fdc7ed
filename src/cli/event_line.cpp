#include "cli/event_line.hpp"

#include <algorithm>
#include <array>
#include <format>

#include "cli/fields.hpp"
#include "cli/terminal.hpp"

namespace lineshaft::cli {
namespace {

colour colour_of(std::string_view event) {
  constexpr std::array<std::string_view, 2> good{"ready", "completed"};
  constexpr std::array<std::string_view, 3> bad{"failed", "watchdog", "dropped"}, odd{"exited", "backoff", "unready"};
  if (std::ranges::contains(good, event)) return colour::green;
  if (std::ranges::contains(bad, event)) return colour::red;
  return std::ranges::contains(odd, event) ? colour::yellow : colour::plain;
}

}  // namespace

std::string event_line(const boost::json::object& shown, bool coloured) {
  const auto time = text_in(shown, "time");
  auto text = time.substr(std::min(time.find('T'), time.size() - 1) + 1);
  if (auto who = text_in(shown, "worker"); who.size() > 1 || who != "-") {
    if (const auto generation = number_in(shown, "generation"); generation > 0) who += std::format(".{}", generation);
    if (!who.empty()) text += " " + painted(who, colour::bold, coloured);
  }
  const auto event = text_in(shown, "event");
  text += " " + painted(event, colour_of(event), coloured);
  const auto cause = text_in(shown, "cause");
  if (cause.empty() || cause == "-") return text;
  // "exited 3" has said it already.
  return text + (cause.starts_with(event + " ") ? cause.substr(event.size()) : ": " + cause);
}

}  // namespace lineshaft::cli
