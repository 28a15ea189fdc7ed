// lineshaft top
#include <format>

#include "cli/terminal.hpp"
#include "cli/verbs.hpp"
#include "cli/view.hpp"

namespace lineshaft::cli {

verb top_verb() {
  auto kept = std::make_shared<std::optional<std::chrono::milliseconds>>();
  return {
      "top",
      "Shows the workers live, and starts, stops, restarts and scales them.",
      "Keys are shown at the foot; '?' tells all of them. It speaks to the manager as the other verbs do: leaving it "
      "leaves the pipeline as it is.",
      "",
      {duration_option("--interval", "", "Between two looks: 50ms or more. Without: 500ms.", *kept)},
      {},
      [kept](const invocation& with) {
        const auto interval = kept->value_or(usual_interval);
        if (interval >= shortest_interval) return view(with, interval);
        complain(with, std::format("--interval {} is too short: {} at least is expected", span_for_people(interval),
                                   span_for_people(shortest_interval)));
        return wrong_usage;
      },
      kept};
}

}  // namespace lineshaft::cli
