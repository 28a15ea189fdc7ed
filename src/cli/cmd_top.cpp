// lineshaft top
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
      {duration_option("--interval", "", "Between two looks. Without: 500ms.", *kept)},
      {},
      [kept](const invocation& with) { return view(with, kept->value_or(usual_interval)); },
      kept};
}

}  // namespace lineshaft::cli
