#include "cli/plain_log.hpp"

#include <boost/json/serialize.hpp>
#include <iostream>

#include "cli/event_line.hpp"
#include "cli/terminal.hpp"

namespace lineshaft::cli {

plain_log::plain_log(const common& asked) : json_(asked.json), coloured_(wants_colour(asked)) {}

void plain_log::tell(const event& what) {
  const auto shown = to_json(what);
  const std::lock_guard lock(mutex_);
  std::cout << (json_ ? boost::json::serialize(shown) : event_line(shown, coloured_)) << std::endl;
}

void plain_log::say(const std::string& text) {
  const std::lock_guard lock(mutex_);
  (json_ ? std::cerr : std::cout) << text << std::endl;
}

}  // namespace lineshaft::cli
