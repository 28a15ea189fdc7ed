// lineshaft complete: what the shells' completions ask. Not shown in the help.
#include <boost/json/array.hpp>
#include <filesystem>
#include <iostream>

#include "cli/candidates.hpp"
#include "cli/fields.hpp"
#include "cli/files.hpp"
#include "cli/remote.hpp"
#include "cli/verbs.hpp"

namespace lineshaft::cli {
namespace {

// Somebody waits with a finger on a key.
constexpr auto patience = std::chrono::milliseconds(500);

void add_once(std::vector<std::string>& to, const std::string& name) {
  if (!std::ranges::contains(to, name)) to.push_back(name);
}

std::vector<std::string> running_workers(remote& manager) {
  const auto status = manager.client.ask("GET", "/v1/status", nullptr, patience);
  std::vector<std::string> names;
  if (!status) return names;
  for (const auto& one : status->at("workers").as_array()) {
    add_once(names, text_in(one.as_object(), "family"));
    add_once(names, text_in(one.as_object(), "name"));
  }
  return names;
}

std::vector<std::string> workers_of_files(const invocation& with) {
  std::vector<std::string> names, paths;
  for (const auto& file : with.common.files) paths.push_back(std::filesystem::absolute(file));
  const auto read = read_pipeline(with, paths);
  if (!read) return names;
  for (const auto& worker : read->pipeline.workers) {
    names.push_back(worker.name);
    for (std::uint32_t number = 0; number < worker.replicas.value_or(0); ++number)
      names.push_back(worker.name + "-" + std::to_string(number));
  }
  return names;
}

// Those that run know of a scale; those of the file are there before anything runs.
std::vector<std::string> workers(invocation with) {
  if (auto manager = find_manager(with)) {
    if (auto names = running_workers(*manager); !names.empty()) return names;
  }
  if (with.common.files.empty()) with.common.files = {"pipeline.toml"};
  return workers_of_files(with);
}

}  // namespace

verb complete_verb() {
  auto typed = std::make_shared<std::vector<std::string>>();
  return {"complete",
          "Prints what may stand where the last word is: a line each, its meaning after a tab; ':files' for files.",
          "",
          "",
          {},
          {{"WORD", "What has been typed after the program's name.", 0, 0, typed.get(), completes::nothing, {}, true}},
          [typed](const invocation& with) {
            invocation asked{with.host, with.program, with.path, {}};
            const auto options = common_options(asked.common);
            const auto all = candidates_for(all_verbs(), options, *typed, [&] { return workers(asked); });
            if (all.files) std::cout << ":files\n";
            for (const auto& [word, doc] : all.words) std::cout << word << (doc.empty() ? "" : "\t") << doc << '\n';
            return done;
          },
          typed,
          true};
}

}  // namespace lineshaft::cli
