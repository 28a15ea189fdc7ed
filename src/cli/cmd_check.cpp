// lineshaft check
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <format>
#include <iostream>

#include "cli/files.hpp"
#include "cli/forecast.hpp"
#include "cli/terminal.hpp"
#include "cli/verbs.hpp"
#include "config/words.hpp"

namespace lineshaft::cli {
namespace {

std::string condition_word(start_condition when) {
  for (const auto& [word, meant] : config::words::conditions::all) {
    if (meant == when) return std::string(word);
  }
  return {};
}

std::string dependencies_text(const worker_spec& worker) {
  std::string text;
  for (const auto& one : worker.how.after) {
    if (!text.empty()) text += ", ";
    text += one.on + (one.when == start_condition::ready ? "" : " " + condition_word(one.when));
  }
  return text.empty() ? "-" : text;
}

std::string what_it_runs(const worker_spec& worker) {
  return worker.class_name.empty() ? worker.command.front() : worker.class_name;
}

boost::json::object json_of(const worker_spec& worker, const planned_stop& stop) {
  const auto line = retries_of(worker);
  boost::json::array delays, after;
  for (const auto delay : line.delays) delays.push_back(delay.count());
  for (const auto& one : worker.how.after) after.push_back({{"worker", one.on}, {"when", condition_word(one.when)}});
  return {{"name", worker.name},
          {worker.class_name.empty() ? "command" : "class", what_it_runs(worker)},
          {"processes", worker.replicas.value_or(1)},
          {"after", std::move(after)},
          {"retries_ms", std::move(delays)},
          {"retries_for_ever", !line.until_failed},
          {"fails_after", line.until_failed ? boost::json::value(*line.until_failed) : boost::json::value()},
          {"stop_begins_ms", stop.begins.count()},
          {"stop_at_most_ms", stop.at_most.count()}};
}

void print_json(const pipeline_spec& pipeline, const stop_plan& plan) {
  boost::json::array workers;
  for (const auto& worker : pipeline.workers)
    workers.push_back(json_of(worker, *std::ranges::find(plan.workers, worker.name, &planned_stop::name)));
  const boost::json::object stop{{"at_most_ms", plan.total.count()}, {"budget_ms", pipeline.stop_timeout.count()}};
  std::cout << boost::json::serialize(boost::json::object{
                   {"ok", true}, {"pipeline", pipeline.name}, {"workers", std::move(workers)}, {"stop", stop}})
            << '\n';
}

void print_text(const pipeline_spec& pipeline, const stop_plan& plan, bool coloured) {
  text_table rows({"WORKER", "RUNS", "PROCESSES", "AFTER", "RESTARTED AFTER", "STOPS WITHIN"});
  std::uint64_t processes = 0;
  for (const auto& worker : pipeline.workers) {
    const auto& stop = *std::ranges::find(plan.workers, worker.name, &planned_stop::name);
    processes += worker.replicas.value_or(1);
    auto within = span_for_people(stop.at_most);
    if (stop.begins.count() > 0) within += ", from " + span_for_people(stop.begins) + " on";
    rows.add({worker.name, what_it_runs(worker), std::to_string(worker.replicas.value_or(1)), dependencies_text(worker),
              to_text(retries_of(worker)), within});
  }
  std::cout << rows.text(coloured) << '\n';
  std::cout << std::format("{}: {} workers, {} processes. A stop of everything takes at most {}", pipeline.name,
                           pipeline.workers.size(), processes,
                           span_for_people(std::min(plan.total, pipeline.stop_timeout)));
  if (plan.total > pipeline.stop_timeout) {
    std::cout << std::format(", its budget: the {} of the workers one after the other are shortened in proportion",
                             span_for_people(plan.total));
  }
  std::cout << ".\n";
}

}  // namespace

verb check_verb() {
  return {
      "check",
      "Reads the pipeline file, and says all that is wrong with it, or what it would do.",
      "Nothing is started. For each worker: when it would be started again if it died at once each time (the jitter "
      "left out), and how long its stop may take, counted from the stop of the pipeline.",
      "{\"ok\", \"pipeline\", \"workers\": [{\"name\", \"class\" or \"command\", \"processes\", \"after\", "
      "\"retries_ms\", \"retries_for_ever\", \"fails_after\", \"stop_begins_ms\", \"stop_at_most_ms\"}], \"stop\": "
      "{\"at_most_ms\", "
      "\"budget_ms\"}}; of a file with faults {\"ok\", \"error\", \"try\", \"faults\": [{\"file\", \"line\", "
      "\"column\", \"key\", "
      "\"message\", \"hint\"}]}",
      {},
      {},
      [](const invocation& with) {
        const auto loaded = load_pipeline(with);
        if (!loaded) return loaded.error();
        const auto& pipeline = loaded->file.pipeline;
        const auto plan = stop_plan_of(pipeline);
        with.common.json ? print_json(pipeline, plan) : print_text(pipeline, plan, wants_colour(with.common));
        return done;
      }};
}

}  // namespace lineshaft::cli
