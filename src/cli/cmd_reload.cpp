// lineshaft reload
#include <boost/json/serialize.hpp>
#include <iostream>

#include "cli/plan_text.hpp"
#include "cli/remote.hpp"
#include "cli/verbs.hpp"

namespace lineshaft::cli {
namespace {

namespace json = boost::json;

struct choice {
  bool dry_run = false;
  std::optional<std::chrono::milliseconds> within;
};

int reload(const invocation& with, const choice& chosen) {
  auto manager = find_manager(with);
  if (!manager) return manager.error();
  const auto answer = manager->client.ask("POST", "/v1/reload", json::object{{"dry_run", chosen.dry_run}},
                                          chosen.within.value_or(longest_wait));
  if (!answer) return refused(with, *manager, answer.error());
  std::cout << (with.common.json ? json::serialize(*answer) : plan_text(answer->as_object())) << '\n';
  return done;
}

}  // namespace

verb reload_verb() {
  auto kept = std::make_shared<choice>();
  return {"reload",
          "Makes the running pipeline what its files say now.",
          "The manager reads its files again. Only what has changed moves: what is gone is stopped, what is new is "
          "started, and what has changed is replaced, one process after the other. A file that is wrong changes "
          "nothing.",
          "{\"changes\": [{\"step\", \"worker\", \"processes\", \"why\"}], \"settings\", \"later\"}",
          {flag("--dry-run", "", "Only says what would be done.", kept->dry_run),
           duration_option("--within", "", "How long to wait for it. It goes on after that, and the exit code is 1.",
                           kept->within)},
          {},
          [kept](const invocation& with) { return reload(with, *kept); },
          kept};
}

}  // namespace lineshaft::cli
