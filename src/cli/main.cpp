#include "lineshaft/main.hpp"

#include <filesystem>
#include <format>

#include "cli/parse.hpp"
#include "cli/terminal.hpp"
#include "cli/verbs.hpp"

namespace lineshaft {
namespace cli {

std::vector<verb> all_verbs() {
  std::vector<verb> all;
  for (auto* make : {init_verb,   check_verb,      run_verb,     up_verb,      down_verb,  status_verb,  queues_verb,
                     top_verb,    start_verb,      stop_verb,    restart_verb, scale_verb, reload_verb,  logs_verb,
                     events_verb, why_verb,        wait_verb,    signal_verb,  exec_verb,  classes_verb, schema_verb,
                     export_verb, completion_verb, version_verb, complete_verb})
    all.push_back(make());
  return all;
}

}  // namespace cli

int main(int argc, char** argv, std::span<const worker_class> classes) {
  lineshaft::host host(argc, argv, classes);
  std::error_code ec;
  const auto path = std::filesystem::read_symlink("/proc/self/exe", ec).string();
  cli::invocation with{host, argc > 0 ? std::filesystem::path(argv[0]).filename().string() : "lineshaft", path, {}};
  const auto verbs = cli::all_verbs();
  const auto common = cli::common_options(with.common);
  const auto [chosen, exit_code] = cli::parse(with.program, verbs, common, argc, argv);
  if (chosen == nullptr) return exit_code;
  // What nobody has foreseen, of the standard library or of a folder that is gone: a sentence, and no core.
  try {
    return chosen->run(with);
  } catch (const std::exception& why) {
    complain(with, std::format("cannot do '{}': {}", chosen->name, why.what()));
    return cli::not_done;
  }
}

}  // namespace lineshaft
