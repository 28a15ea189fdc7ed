// lineshaft names: what completions of workers offer. Not shown in the help.
#include <filesystem>
#include <iostream>

#include "cli/files.hpp"
#include "cli/verbs.hpp"

namespace lineshaft::cli {

verb names_verb() {
  return {"names",
          "Prints the names of the workers of the pipeline file, for completions.",
          "",
          {},
          {},
          [](const invocation& with) {
            auto asked = with;
            if (asked.common.files.empty()) asked.common.files = {"pipeline.toml"};
            std::vector<std::string> paths;
            for (const auto& file : asked.common.files) paths.push_back(std::filesystem::absolute(file));
            const auto read = read_pipeline(asked, paths);
            if (!read) return not_done;
            for (const auto& worker : read->pipeline.workers) {
              std::cout << worker.name << '\n';
              for (std::uint32_t number = 0; number < worker.replicas.value_or(0); ++number)
                std::cout << worker.name << '-' << number << '\n';
            }
            return done;
          },
          {},
          true};
}

}  // namespace lineshaft::cli
