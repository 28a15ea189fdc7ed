// lineshaft up
#include "cli/background.hpp"
#include "cli/verbs.hpp"

namespace lineshaft::cli {

verb up_verb() {
  auto kept = std::make_shared<std::optional<std::chrono::milliseconds>>();
  return {
      "up",
      "Runs the pipeline in the background, and returns when it is up.",
      "Up is when each worker has become ready, has completed or has failed; the exit code is 1 if one has failed. "
      "What the manager says is in manager.log beside its socket, of a long run the last 1 MiB at least; what the one "
      "before said, in manager.log.1; what the workers print, in pipeline.log_dir, or "
      "without it in $XDG_STATE_HOME/lineshaft/NAME, or as root /var/log/lineshaft/NAME. 'down' ends it.",
      "{\"pipeline\", \"pid\", \"ready\", \"status\"}",
      {duration_option("--within", "", "How long to wait for that. It goes on after that, and the exit code is 1.",
                       *kept)},
      {},
      [kept](const invocation& with) {
        const auto loaded = load_pipeline(with);
        return loaded ? run_in_background(with, *loaded, listen_until::up, *kept) : loaded.error();
      },
      kept};
}

}  // namespace lineshaft::cli
