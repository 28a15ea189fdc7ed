#include "cli/event_line.hpp"

#include <format>

#include "cli/terminal.hpp"

namespace lineshaft::cli {
namespace {

colour colour_of(event_kind kind) {
  switch (kind) {
    case event_kind::ready:
    case event_kind::completed: return colour::green;
    case event_kind::failed:
    case event_kind::watchdog:
    case event_kind::dropped: return colour::red;
    case event_kind::exited:
    case event_kind::backoff:
    case event_kind::unready: return colour::yellow;
    default: return colour::plain;
  }
}

}  // namespace

std::string event_line(const event& shown, bool coloured) {
  const auto time = std::chrono::floor<std::chrono::milliseconds>(shown.time);
  auto who = shown.worker;
  if (shown.generation > 0) who += std::format(".{}", shown.generation);
  auto what = std::string(to_string(shown.kind));
  auto text = std::format("{:%T}Z ", time);
  text += who.empty() ? "" : painted(who, colour::bold, coloured) + " ";
  text += painted(what, colour_of(shown.kind), coloured);
  return shown.cause.empty() ? text : text + ": " + shown.cause;
}

}  // namespace lineshaft::cli
