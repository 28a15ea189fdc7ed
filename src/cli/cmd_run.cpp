// lineshaft run
#include "cli/files.hpp"
#include "cli/running.hpp"
#include "cli/verbs.hpp"

namespace lineshaft::cli {

verb run_verb() {
  return {"run",
          "Runs the pipeline in the foreground, until it ends or is told to leave.",
          "SIGTERM or Ctrl-C stops all workers in order, inside pipeline.stop_timeout; the second one leaves them a "
          "second. "
          "SIGHUP reads the pipeline file again. Under systemd it says when it is ready. Events are printed, with "
          "--json as one object "
          "a line. It ends by itself when every worker has completed or failed: with 0, with 1 if one has failed, with "
          "10 if an "
          "essential one has.",
          {},
          {},
          [](const invocation& with) {
            auto loaded = load_pipeline(with);
            return loaded ? run_in_foreground(with, std::move(*loaded)) : loaded.error();
          }};
}

}  // namespace lineshaft::cli
