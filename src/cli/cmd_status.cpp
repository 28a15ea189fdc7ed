// lineshaft status
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <format>
#include <iostream>

#include "cli/fields.hpp"
#include "cli/remote.hpp"
#include "cli/terminal.hpp"
#include "cli/verbs.hpp"

namespace lineshaft::cli {
namespace {

namespace json = boost::json;

struct choice {
  std::vector<std::string> names;
};

colour colour_of(const std::string& state, bool ready) {
  if (state == "failed") return colour::red;
  if (state == "backoff" || state == "stopping" || (state == "running" && !ready)) return colour::yellow;
  if (state == "running" || state == "completed") return colour::green;
  return colour::plain;
}

std::string note_of(const json::object& worker) {
  auto note = text_in(worker, "error");
  if (const auto* next = worker.if_contains("next_start_ms"); next != nullptr && next->is_number())
    note = std::format("again in {}: {}", span_for_people(std::chrono::milliseconds(next->to_number<std::int64_t>())),
                       note);
  if (note == "-" || note.empty()) note = text_in(worker, "status_text");
  return note == "-" ? "" : note;
}

std::vector<text_table::cell> row_of(const json::object& worker) {
  auto state = text_in(worker, "state");
  const bool ready = text_in(worker, "ready") == "true";
  const auto with = colour_of(state, ready);
  const bool alive = text_in(worker, "alive") == "true";
  const auto span = [&](std::string_view name) {
    return alive ? span_for_people(std::chrono::milliseconds(number_in(worker, name))) : std::string("-");
  };
  // Only a worker class has a loop that beats; a program may say WATCHDOG=1.
  const bool beats = text_in(worker, "loop") != "none" || number_in(worker, "age_ms") > 0;
  if (state == "running" && !ready) state = "not ready";
  return {text_in(worker, "name"),
          {state, with},
          text_in(worker, "pid"),
          text_in(worker, "generation"),
          text_in(worker, "process_restarts"),
          span("uptime_ms"),
          beats ? span("age_ms") : "-",
          text_in(worker, "processed"),
          text_in(worker, "errors"),
          note_of(worker)};
}

std::string summary_of(const json::object& status) {
  const auto& workers = status.at("workers").as_array();
  const auto ready = std::ranges::count_if(
      workers, [](const json::value& one) { return text_in(one.as_object(), "ready") == "true"; });
  const auto& manager = status.at("manager").as_object();
  return std::format("{}: {} of {} ready, process {}, up {}", text_in(status, "pipeline"), ready, workers.size(),
                     text_in(manager, "pid"),
                     span_for_people(std::chrono::milliseconds(number_in(manager, "uptime_ms"))));
}

int show(const invocation& with, const choice& chosen) {
  auto manager = find_manager(with);
  if (!manager) return manager.error();
  auto status = get(with, *manager, "/v1/status");
  if (!status) return status.error();
  const auto wanted = matching_all(with, chosen.names, workers_in(*status));
  if (!wanted) return wanted.error();
  const auto summary = summary_of(*status);
  json::array kept;
  for (auto& worker : status->at("workers").as_array()) {
    if (std::ranges::contains(*wanted, text_in(worker.as_object(), "name"))) kept.push_back(std::move(worker));
  }
  (*status)["workers"] = std::move(kept);
  if (with.common.json) {
    std::cout << json::serialize(*status) << '\n';
    return done;
  }
  text_table rows({"WORKER", "STATE", "PID", "GEN", "RESTARTS", "UPTIME", "AGE", "PROCESSED", "ERRORS", ""});
  for (const auto& worker : status->at("workers").as_array()) rows.add(row_of(worker.as_object()));
  std::cout << summary << '\n' << rows.text(wants_colour(with.common));
  return done;
}

}  // namespace

verb status_verb() {
  auto kept = std::make_shared<choice>();
  return {
      "status",
      "Shows the workers of a running pipeline.",
      "AGE is the time since the worker's event loop last beat, or a program last said WATCHDOG=1.",
      "{\"pipeline\", \"manager\": {\"pid\", \"version\", \"uptime_ms\", \"log_dir\"}, \"workers\"}: GET /v1/status.",
      {},
      {{"NAME", "These workers alone: names, families of replicas, patterns.", 0, 0, &kept->names, completes::workers}},
      [kept](const invocation& with) { return show(with, *kept); },
      kept};
}

}  // namespace lineshaft::cli
