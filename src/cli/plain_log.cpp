#include "cli/plain_log.hpp"

#include <unistd.h>

#include <boost/json/serialize.hpp>
#include <chrono>
#include <format>
#include <utility>

#include "cli/event_line.hpp"
#include "cli/terminal.hpp"

namespace lineshaft::cli {
namespace {

std::string line_of(const event& what, bool json, bool coloured) {
  const auto shown = to_json(what);
  return json ? boost::json::serialize(shown) : event_line(shown, coloured);
}

std::string gap_text(std::uint64_t lost) {
  return std::format("{} lines, which nobody read in time, or the disk had no room for", lost);
}

event gap_event(std::uint64_t lost) {
  return {.time = std::chrono::system_clock::now(),
          .monotonic = std::chrono::steady_clock::now(),
          .kind = event_kind::dropped,
          .cause = gap_text(lost)};
}

}  // namespace

plain_log::plain_log(const common& asked, line_writer::on_tried printed)
    : json_(asked.json),
      coloured_(wants_colour(asked)),
      output_(
          STDOUT_FILENO,
          [json = json_, coloured = coloured_](std::uint64_t lost) { return line_of(gap_event(lost), json, coloured); },
          std::move(printed)),
      errors_(STDERR_FILENO, gap_text) {}

void plain_log::tell(const event& what) { output_.write(line_of(what, json_, coloured_)); }

void plain_log::say(std::string text) { (json_ ? errors_ : output_).write(std::move(text)); }

}  // namespace lineshaft::cli
