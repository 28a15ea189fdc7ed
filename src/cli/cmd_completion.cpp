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
  return {
      "completion",
      "Prints completions for a shell.",
      "For bash and zsh: `source <(lineshaft completion bash)` in ~/.bashrc, or with `zsh` in ~/.zshrc after compinit; "
      "fish: `lineshaft completion fish > ~/.config/fish/completions/lineshaft.fish`. They offer verbs, options, "
      "the words that an option takes, and the workers of the pipeline that is meant.",
      "",
      {},
      {{"SHELL", "bash, zsh or fish", 1, 1, &kept->shell, completes::words, {"bash", "zsh", "fish"}}},
      [kept](const invocation& with) {
        std::cout << completion_script(kept->shell.front(), with.program);
        return done;
      },
      kept};
}

}  // namespace lineshaft::cli
