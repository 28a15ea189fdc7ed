// lineshaft start, stop, restart, signal, scale, down
#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>
#include <format>
#include <iostream>

#include "base/names.hpp"
#include "base/whole_number.hpp"
#include "cli/answers.hpp"
#include "cli/ending.hpp"
#include "cli/remote.hpp"
#include "cli/requests.hpp"
#include "cli/terminal.hpp"
#include "cli/verbs.hpp"
#include "config/texts.hpp"

namespace lineshaft::cli {
namespace {

namespace json = boost::json;
using std::chrono::milliseconds;

struct choice {
  std::vector<std::string> names, argument;
  std::optional<milliseconds> within;
};

std::string started_text(const json::object& answer) {
  if (const auto* pid = answer.if_contains("pid")) return "runs as process " + json::serialize(*pid);
  return std::format("{} processes restarted, one after the other", answer.at("replicas").as_array().size());
}

operand names_of(choice& kept) {
  return {"NAME",      "Workers: names, families of replicas, patterns such as 'processor-*'.",
          1,           0,
          &kept.names, completes::workers};
}

option patience_option(choice& kept) {
  return duration_option("--within", "",
                         "How long to wait for all of it. What is under way then goes on, and the exit code is 1.",
                         kept.within);
}

}  // namespace

verb start_verb() {
  auto kept = std::make_shared<choice>();
  return {"start",
          "Starts workers that are down, as they were defined.",
          "Returns when the process exists; 'wait NAME' waits until it is ready.",
          "{\"name\", \"pid\", \"generation\"}, a line for each worker.",
          {patience_option(*kept)},
          {names_of(*kept)},
          [kept](const invocation& with) {
            return ask_at_once(with, kept->names, {"start", {}, started_text, kept->within});
          },
          kept};
}

verb stop_verb() {
  auto kept = std::make_shared<choice>();
  return {"stop",
          "Stops workers; they stay down until they are started.",
          "Of several, those that nobody of them needs any more come first; the others are stopped side by side.",
          "{\"name\", \"outcome\", \"took_ms\", \"exit\"}, a line for each worker; the outcome is not_running, clean "
          "or killed.",
          {duration_option("--within", "",
                           "One budget for all of them: whose process tree is not gone by then is killed. Without: "
                           "for each its own stop_timeout.",
                           kept->within)},
          {names_of(*kept)},
          [kept](const invocation& with) { return stop_together(with, kept->names, kept->within); },
          kept};
}

verb restart_verb() {
  auto kept = std::make_shared<choice>();
  return {"restart",
          "Stops workers and starts them again.",
          "One after the other. A worker with replicas, by its own name: each process ready before the next. What has "
          "not begun when the time of --within is over is left as it is.",
          "{\"name\", \"pid\", \"generation\"}, a line for each worker; of one with replicas {\"name\", \"replicas\"}.",
          {patience_option(*kept)},
          {names_of(*kept)},
          [kept](const invocation& with) {
            return ask_each(with, kept->names, {"restart", {}, started_text, kept->within, families::as_one});
          },
          kept};
}

verb signal_verb() {
  auto kept = std::make_shared<choice>();
  return {"signal",
          "Sends a signal to the processes of workers.",
          "Through a handle of the process, so that no other can be hit.",
          "{\"name\", \"signal\"}, a line for each worker.",
          {},
          {{"SIGNAL", "SIGHUP, USR1 …", 1, 1, &kept->argument}, names_of(*kept)},
          [kept](const invocation& with) {
            const auto signal = config::parse_signal(kept->argument.front());
            if (!signal) {
              complain(with, std::format("'{}' {}", kept->argument.front(), signal.error()));
              return wrong_usage;
            }
            const auto name = config::signal_text(*signal);
            return ask_each(with, kept->names,
                            {"signal", {{"signal", *signal}}, [name](const json::object&) { return "got " + name; }});
          },
          kept};
}

verb scale_verb() {
  auto kept = std::make_shared<choice>();
  return {
      "scale",
      "Changes the number of processes of a worker that has replicas.",
      "Returns when the new ones exist, or those that are too many have gone.",
      "{\"name\", \"replicas\"}",
      {patience_option(*kept)},
      {{"NAME", "The worker.", 1, 1, &kept->names, completes::workers}, {"COUNT", "How many.", 1, 1, &kept->argument}},
      [kept](const invocation& with) {
        const auto& name = kept->names.front();
        const auto count = whole_number<std::uint32_t>(kept->argument.front());
        if (!count) {
          complain(with, std::format("'{}' is no number of processes", kept->argument.front()));
          return wrong_usage;
        }
        auto manager = find_manager(with);
        if (!manager) return manager.error();
        if (!check_name(name)) return no_such_worker(with, name, {});
        const auto answer =
            manager->client.ask("PUT", std::format("/v1/workers/{}/replicas", name), json::object{{"replicas", *count}},
                                kept->within.value_or(longest_wait));
        if (!answer) return refused(with, *manager, answer.error());
        std::cout << (with.common.json ? json::serialize(*answer) : std::format("{}: {} processes", name, *count))
                  << '\n';
        return done;
      },
      kept};
}

verb down_verb() {
  auto kept = std::make_shared<choice>();
  return {"down",
          "Stops the whole pipeline, and its manager.",
          "Returns when the manager has gone.",
          "{\"workers\"}, the outcomes as of `stop`.",
          {duration_option("--within", "", "One budget for everything. Without: the pipeline's stop_timeout.",
                           kept->within)},
          {},
          [kept](const invocation& with) { return stop_everything(with, kept->within); },
          kept};
}

}  // namespace lineshaft::cli
