// lineshaft completion
#include <iostream>

#include "cli/completion.hpp"
#include "cli/verbs.hpp"

namespace lineshaft::cli {
namespace {

struct choice {
  std::vector<std::string> shell;
};

}  // namespace

verb completion_verb() {
  auto kept = std::make_shared<choice>();
  return {"completion",
          "Prints completions for a shell.",
          "For bash: `source <(lineshaft completion bash)`; zsh: `lineshaft completion zsh > "
          "\"${fpath[1]}/_lineshaft\"`; fish: "
          "`lineshaft completion fish > ~/.config/fish/completions/lineshaft.fish`.",
          {},
          {{"SHELL", "bash, zsh or fish", 1, 1, &kept->shell, completes::words, {"bash", "zsh", "fish"}}},
          [kept](const invocation& with) {
            common ignored;
            std::cout << completion_script(kept->shell.front(), with.program, all_verbs(), common_options(ignored));
            return done;
          },
          kept};
}

}  // namespace lineshaft::cli
