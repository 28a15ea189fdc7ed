// lineshaft exec
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <format>

#include "base/names.hpp"
#include "cli/files.hpp"
#include "cli/terminal.hpp"
#include "cli/verbs.hpp"
#include "config/fault.hpp"

namespace lineshaft::cli {
namespace {

struct choice {
  std::vector<std::string> worker, command;
};

// "processor-1" is a replica of "processor".
const worker_spec* find(const pipeline_spec& pipeline, const std::string& name) {
  for (const auto& worker : pipeline.workers) {
    if (worker.name == name) return &worker;
    for (std::uint32_t number = 0; number < worker.replicas.value_or(0); ++number) {
      if (replica_name(worker.name, number) == name) return &worker;
    }
  }
  return nullptr;
}

void take_environment(const pipeline_spec& pipeline, const worker_spec& worker, const std::string& name) {
  if (worker.how.clear_env) ::clearenv();
  for (const auto& [key, value] : pipeline.env) ::setenv(key.c_str(), value.c_str(), 1);
  for (const auto& [key, value] : worker.how.env) ::setenv(key.c_str(), value.c_str(), 1);
  ::setenv("LINESHAFT_WORKER", name.c_str(), 1);
}

int execute(const invocation& with, choice& chosen) {
  const auto loaded = load_pipeline(with);
  if (!loaded) return loaded.error();
  const auto& pipeline = loaded->file.pipeline;
  const auto& name = chosen.worker.front();
  const auto* worker = find(pipeline, name);
  if (worker == nullptr) {
    std::vector<std::string> names;
    for (const auto& one : pipeline.workers) names.push_back(one.name);
    complain(with, std::format("there is no worker '{}'", name), config::did_you_mean(name, names));
    return not_done;
  }
  std::error_code ec;
  std::filesystem::current_path(loaded->folder, ec);
  if (!ec && !worker->how.working_directory.empty()) std::filesystem::current_path(worker->how.working_directory, ec);
  if (ec) {
    complain(with, std::format("cannot change to the folder of '{}': {}", name, ec.message()));
    return not_done;
  }
  // clearenv(3) takes PATH away, too, by which the program is to be found.
  const char* path = std::getenv("PATH");
  const std::string kept = path == nullptr ? "" : path;
  take_environment(pipeline, *worker, name);
  if (std::getenv("PATH") == nullptr && !kept.empty()) ::setenv("PATH", kept.c_str(), 1);
  std::vector<char*> argv;
  for (auto& one : chosen.command) argv.push_back(one.data());
  argv.push_back(nullptr);
  ::execvp(argv.front(), argv.data());
  complain(with, std::format("cannot execute '{}': {}", chosen.command.front(),
                             std::error_code(errno, std::generic_category()).message()));
  return not_done;
}

}  // namespace

verb exec_verb() {
  auto kept = std::make_shared<choice>();
  return {"exec",
          "Runs a command in the environment and the folder of a worker.",
          "By the pipeline file: the worker need not run. Limits and the user stay those of the caller.",
          "",
          {},
          {{"NAME", "The worker, or one of its replicas.", 1, 1, &kept->worker, completes::workers},
           {"COMMAND", "What is run, with its arguments.", 1, 0, &kept->command, completes::nothing, {}, true}},
          [kept](const invocation& with) { return execute(with, *kept); },
          kept};
}

}  // namespace lineshaft::cli
