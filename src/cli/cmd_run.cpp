// lineshaft run
#include "cli/background.hpp"
#include "cli/ending.hpp"
#include "cli/files.hpp"
#include "cli/running.hpp"
#include "cli/verbs.hpp"
#include "cli/view.hpp"

namespace lineshaft::cli {
namespace {

struct choice {
  std::string log_dir;
  bool viewed = false;
};

// The view is no part of the manager, so that a fault of it does not end the pipeline.
int run_and_view(const invocation& with, const loaded_pipeline& loaded) {
  if (!can_view(with)) return wrong_usage;
  if (const int begun = run_in_background(with, loaded, listen_until::begun); begun != done) return begun;
  const int viewed = view(with, usual_interval);
  const int ended = stop_everything(with, std::nullopt);
  return viewed == done ? ended : viewed;
}

}  // namespace

verb run_verb() {
  auto kept = std::make_shared<choice>();
  return {
      "run",
      "Runs the pipeline in the foreground, until it ends or is told to leave.",
      "SIGTERM or Ctrl-C stops all workers in order, inside pipeline.stop_timeout; the second one leaves them a "
      "second. SIGHUP reads the pipeline file again, as 'reload' does. Under systemd it says when it is ready. "
      "Events are printed; whoever reads them may be slow, or go: nothing waits for it, and lines that do not fit are "
      "counted. It ends by itself when every worker has completed or "
      "failed: with 0, with 1 if one has failed, with 10 if an essential one has.",
      "Each event as a line, as of `events`; what the manager itself says goes to standard error.",
      {text_option("--log-dir", "", "FOLDER", "Where the output of workers is kept, if the file does not say it.",
                   kept->log_dir),
       flag("--view", "", "Shows it live, as 'top' does, in place of events; leaving the view stops the pipeline.",
            kept->viewed)},
      {},
      [kept](const invocation& with) {
        auto loaded = load_pipeline(with);
        if (!loaded) return loaded.error();
        loaded->log_dir = kept->log_dir;
        return kept->viewed ? run_and_view(with, *loaded) : run_in_foreground(with, std::move(*loaded));
      },
      kept};
}

}  // namespace lineshaft::cli
