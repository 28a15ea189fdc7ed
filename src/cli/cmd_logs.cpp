// lineshaft logs
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <filesystem>
#include <format>
#include <iostream>
#include <regex>

#include "base/names.hpp"
#include "base/rfc3339.hpp"
#include "cli/background.hpp"
#include "cli/fields.hpp"
#include "cli/log_view.hpp"
#include "cli/past_lines.hpp"
#include "cli/verbs.hpp"
#include "output/log_reader.hpp"

namespace lineshaft::cli {
namespace {

namespace json = boost::json;

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

class printer {
 public:
  printer(const invocation& with, const choice& chosen, std::regex pattern)
      : with_(with), timed_(chosen.timed), pattern_(std::move(pattern)), view_(wants_colour(with.common)) {}

  bool matches(const std::string& line) const { return std::regex_search(line, pattern_); }
  void print(const json::object& one) {
    any_ = true;
    std::cout << (with_.common.json ? json::serialize(one) : timed_ ? view_.timed_line(one) : view_.line(one)) << '\n';
  }
  void print_if_it_matches(const json::object& one) {
    if (!one.contains("missed") && !matches(text_in(one, "line"))) return;
    print(one);
    std::cout.flush();
  }
  bool any() const { return any_; }

 private:
  const invocation& with_;
  bool timed_;
  std::regex pattern_;
  log_view view_;
  bool any_ = false;
};

std::string now_less(std::chrono::milliseconds span) { return rfc3339(std::chrono::system_clock::now() - span); }

// As its file says it, where there is one without faults.
std::map<std::string, std::uint32_t> old_files_of(const invocation& with) {
  std::map<std::string, std::uint32_t> counts;
  if (!with.common.pipeline.empty()) return counts;
  auto paths = with.common.files;
  if (paths.empty()) paths = {"pipeline.toml"};
  const auto read = read_pipeline(with, paths);
  for (const auto& worker : read ? read->pipeline.workers : std::vector<worker_spec>()) {
    counts[worker.name] = worker.how.output.rotate_count;
    for (std::uint32_t number = 0; number < worker.replicas.value_or(0); ++number)
      counts[replica_name(worker.name, number)] = worker.how.output.rotate_count;
  }
  return counts;
}

wanted_lines wish_of(const invocation& with, const choice& chosen, const printer& prints,
                     std::vector<std::string> workers, std::string without_since) {
  const auto& history = chosen.history;
  return {std::move(workers), history.since ? now_less(*history.since) : std::move(without_since), history.last,
          [&prints](const std::string& line) { return prints.matches(line); }, old_files_of(with)};
}

void say_if_none(const invocation& with, const printer& prints) {
  if (prints.any() || with.common.json) return;
  std::cerr << with.program
            << ": no lines. Output is captured where pipeline.log_dir, or a worker's output.to, says so\n";
}

// Those of workers that have gone from the pipeline are there, too.
void add_logged(const invocation& with, std::vector<family_member>& known, const std::string& folder) {
  const auto logged = output::logged_workers(folder);
  if (!logged && logged.error().code != std::errc::no_such_file_or_directory)
    say_incomplete(with, logged.error().message());
  for (const auto& name : logged ? *logged : std::vector<std::string>()) {
    if (!std::ranges::contains(known, name, &family_member::name)) known.push_back({name, name});
  }
}

/// What the manager remembers is all that is asked for.
bool remembered_is_enough(const choice& chosen, const remembered_lines& from, const wanted_lines& wanted,
                          const std::string& begin) {
  if (!from.complete || (chosen.history.since && wanted.since < begin)) return false;
  if (!wanted.last || chosen.history.since) return true;
  const auto match = [&](const json::value& one) { return wanted.match(text_in(one.as_object(), "line")); };
  return static_cast<std::uint64_t>(std::ranges::count_if(from.all, match)) >= *wanted.last;
}

/// How a manager stands, and when it was asked: it began its uptime before that, or a little earlier.
struct known_manager {
  json::object status;
  std::chrono::system_clock::time_point asked;
};

int show_running(const invocation& with, const choice& chosen, remote& manager, const known_manager& known_as,
                 printer& prints) {
  const auto& status = known_as.status;
  const auto& about = status.at("manager").as_object();
  const auto folder = text_in(about, "log_dir");
  auto known = workers_in(status);
  if (folder != "-") add_logged(with, known, folder);
  auto names = matching_all(with, chosen.history.workers, known);
  if (!names) return names.error();
  const auto filter = filter_of(chosen.history.workers, known);
  const auto told = get(with, manager, "/v1/logs?follow=false" + filter);
  if (!told) return told.error();
  const remembered_lines remembered{told->at("lines").as_array(), number_in(*told, "missed") == 0};
  const auto begin = rfc3339(known_as.asked - std::chrono::milliseconds(number_in(about, "uptime_ms")));
  const auto wanted = wish_of(with, chosen, prints, std::move(*names), chosen.history.last ? "" : begin);
  const auto print = [&](const json::object& one) { prints.print(one); };
  if (remembered_is_enough(chosen, remembered, wanted, begin)) {
    tell_remembered(wanted, remembered, print);
  } else {
    tell_printed(with, wanted, folder == "-" ? "" : folder, remembered, now_less({}), print);
  }
  std::cout.flush();
  if (!chosen.history.follow) return say_if_none(with, prints), done;
  return go_on(with, manager, std::format("/v1/logs?since={}{}", number_in(*told, "last"), filter),
               [&](const json::object& one) { prints.print_if_it_matches(one); });
}

// Where its manager would have written them.
std::string log_folder_of(const invocation& with, const remote& manager) {
  const auto place = with.common.pipeline.empty() ? whereabouts(with) : std::optional<pipeline_place>();
  if (!place || !*place || (*place)->log_dir.empty()) return default_log_dir(manager.pipeline);
  return (std::filesystem::path((*place)->folder) / (*place)->log_dir).lexically_normal();
}

int show_files(const invocation& with, const choice& chosen, const remote& manager, const error& nobody,
               printer& prints) {
  const auto folder = log_folder_of(with, manager);
  std::vector<family_member> known;
  add_logged(with, known, folder);
  if (known.empty()) return refused(with, manager, nobody);
  // Who is several is not known any more: by their names.
  for (auto& [name, family] : known) family = std::regex_replace(name, std::regex("-[0-9]+$"), "");
  auto names = matching_all(with, chosen.history.workers, known);
  if (!names) return names.error();
  if (!with.common.json)
    std::cerr << std::format("{}: no manager is running for pipeline '{}'; these are the files in '{}'\n", with.program,
                             manager.pipeline, folder);
  tell_printed(with, wish_of(with, chosen, prints, std::move(*names), ""), folder, {}, "~",
               [&](const json::object& one) { prints.print(one); });
  std::cout.flush();
  if (chosen.history.follow) return refused(with, manager, nobody);
  say_if_none(with, prints);
  return done;
}

int show(const invocation& with, const choice& chosen) {
  auto pattern = pattern_of(chosen.grep);
  if (!pattern) {
    complain(with, "--grep '" + chosen.grep + "' is no regular expression");
    return wrong_usage;
  }
  auto manager = find_manager(with);
  if (!manager) return manager.error();
  printer prints(with, chosen, std::move(*pattern));
  const auto asked = std::chrono::system_clock::now();
  const auto status = manager->client.ask("GET", "/v1/status");
  if (status) return show_running(with, chosen, *manager, {status->as_object(), asked}, prints);
  return control::nobody_is_there(status.error()) ? show_files(with, chosen, *manager, status.error(), prints)
                                                  : refused(with, *manager, status.error());
}

}  // namespace

verb logs_verb() {
  auto kept = std::make_shared<choice>();
  auto options = history_options(kept->history, "lines", "all since the manager began");
  options.push_back(
      text_option("--grep", "", "PATTERN", "Lines with a match of this regular expression (ECMAScript).", kept->grep));
  options.push_back(flag("--time", "-t", "With the time of each line, UTC.", kept->timed));
  return {
      "logs",
      "Shows what the workers print, line by line.",
      "Out of the memory of the manager, which all workers share, and out of the files of pipeline.log_dir, old ones "
      "too, where that is not everything; when no manager runs, out of the files alone. Lines of several workers "
      "stand in the order of their times. What is not kept any more is said. A '!' stands before what a worker has "
      "written to standard error.",
      "{\"id\", \"time\", \"worker\", \"generation\", \"stream\", \"line\"}, a line for each; the id of one out of a "
      "file "
      "is null. Where something is missing: {\"event\": \"dropped\", \"missed\", \"cause\"}, with \"missed\" null if "
      "nobody "
      "knows how much.",
      std::move(options),
      {{"NAME", "Of these workers alone: names, families of replicas, patterns.", 0, 0, &kept->history.workers,
        completes::workers}},
      [kept](const invocation& with) { return show(with, *kept); },
      kept};
}

}  // namespace lineshaft::cli
