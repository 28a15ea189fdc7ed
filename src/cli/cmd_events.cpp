// lineshaft events
#include <boost/json/serialize.hpp>
#include <iostream>

#include "cli/event_line.hpp"
#include "cli/terminal.hpp"
#include "cli/told.hpp"
#include "cli/verbs.hpp"

namespace lineshaft::cli {

verb events_verb() {
  auto kept = std::make_shared<history_choice>();
  return {"events",
          "Shows what has happened to the workers.",
          "The manager keeps the last 2048.",
          "{\"seq\", \"time\", \"monotonic_ms\", \"worker\", \"generation\", \"event\", \"cause\"}, a line for each.",
          history_options(*kept, "events", "all that the manager keeps"),
          {{"NAME", "Of these workers alone: names, families of replicas, patterns.", 0, 0, &kept->workers,
            completes::workers}},
          [kept](const invocation& with) {
            const bool coloured = wants_colour(with.common);
            return read_events(with, *kept, [&](const boost::json::object& one) {
              std::cout << (with.common.json ? boost::json::serialize(one) : event_line(one, coloured)) << std::endl;
            });
          },
          kept};
}

}  // namespace lineshaft::cli
