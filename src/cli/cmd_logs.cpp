// lineshaft logs
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <iostream>
#include <regex>

#include "cli/fields.hpp"
#include "cli/log_view.hpp"
#include "cli/told.hpp"
#include "cli/verbs.hpp"

namespace lineshaft::cli {
namespace {

struct choice {
  history_choice history;
  std::string grep;
  bool timed = false;
};

std::optional<std::regex> pattern_of(const std::string& text) {
  try {
    return std::regex(text);
  } catch (const std::regex_error&) {
    return std::nullopt;
  }
}

int show(const invocation& with, const choice& chosen) {
  const auto pattern = pattern_of(chosen.grep);
  if (!pattern) {
    complain(with, "--grep '" + chosen.grep + "' is no regular expression");
    return wrong_usage;
  }
  log_view view(wants_colour(with.common));
  bool any = false;
  const int code = read_history(with, {"/v1/logs", "lines", "; the files of pipeline.log_dir have every line"},
                                chosen.history, [&](const boost::json::object& one) {
                                  any = true;
                                  if (!one.contains("missed") && !std::regex_search(text_in(one, "line"), *pattern))
                                    return;
                                  std::cout << (with.common.json ? boost::json::serialize(one)
                                                : chosen.timed   ? view.timed_line(one)
                                                                 : view.line(one))
                                            << std::endl;
                                });
  if (code == done && !any && !with.common.json)
    std::cerr << with.program
              << ": nothing is kept. Output is captured where pipeline.log_dir, or a worker's output.to, says so\n";
  return code;
}

}  // namespace

verb logs_verb() {
  auto kept = std::make_shared<choice>();
  auto options = history_options(kept->history, "lines");
  options.push_back(
      text_option("--grep", "", "PATTERN", "Lines with a match of this regular expression (ECMAScript).", kept->grep));
  options.push_back(flag("--time", "-t", "With the time of each line, UTC.", kept->timed));
  return {"logs",
          "Shows what the workers print, line by line.",
          "The manager keeps the last lines of each worker in memory; everything is in the files of pipeline.log_dir. "
          "A '!' stands before what a worker has written to standard error.",
          "{\"id\", \"time\", \"worker\", \"generation\", \"stream\", \"line\"}, a line for each.",
          std::move(options),
          {{"NAME", "Of these workers alone: names, families of replicas, patterns.", 0, 0, &kept->history.workers,
            completes::workers}},
          [kept](const invocation& with) { return show(with, *kept); },
          kept};
}

}  // namespace lineshaft::cli
