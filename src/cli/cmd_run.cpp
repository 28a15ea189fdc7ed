// lineshaft run
#include "cli/files.hpp"
#include "cli/running.hpp"
#include "cli/verbs.hpp"

namespace lineshaft::cli {

verb run_verb() {
  auto log_dir = std::make_shared<std::string>();
  return {"run",
          "Runs the pipeline in the foreground, until it ends or is told to leave.",
          "SIGTERM or Ctrl-C stops all workers in order, inside pipeline.stop_timeout; the second one leaves them a "
          "second. SIGHUP reads the pipeline file again, as 'reload' does. Under systemd it says when it is ready. "
          "Events are printed, with --json as one object a line. It ends by itself when every worker has completed or "
          "failed: with 0, with 1 if one has failed, with 10 if an essential one has.",
          {text_option("--log-dir", "", "FOLDER", "Where the output of workers is kept, if the file does not say it.",
                       *log_dir)},
          {},
          [log_dir](const invocation& with) {
            auto loaded = load_pipeline(with);
            if (!loaded) return loaded.error();
            if (auto& where = loaded->file.manager.log_dir; where.empty()) where = *log_dir;
            return run_in_foreground(with, std::move(*loaded));
          },
          log_dir};
}

}  // namespace lineshaft::cli
