#include "cli/story.hpp"

#include <boost/json/array.hpp>
#include <format>

#include "cli/fields.hpp"
#include "cli/terminal.hpp"

namespace lineshaft::cli {
namespace {

namespace json = boost::json;

std::string span(const json::object& from, std::string_view name) {
  return span_for_people(std::chrono::milliseconds(number_in(from, name)));
}

bool has(const json::object& from, std::string_view name) {
  const auto text = text_in(from, name);
  return !text.empty() && text != "-";
}

// Who made it leave, where somebody did.
std::string_view occasion(const std::string& cause) {
  if (cause == "stop") return "It had been told to stop.";
  if (cause == "restart") return "It was being restarted.";
  if (cause == "abandoned") return "Others with which it stands and falls had failed.";
  if (cause == "itself") return "It had said that it was leaving.";
  if (cause == "finished") return "Its work was done.";
  if (cause == "start_timeout") return "It had not become ready in time.";
  if (cause == "watchdog") return "The watchdog had given it up.";
  return {};
}

std::string now_of(const json::object& status) {
  const auto state = text_in(status, "state");
  const auto name = text_in(status, "name");
  if (state == "running" || state == "starting")
    return std::format("{} is {} now: generation {}, process {}, for {}{}.", name, state, text_in(status, "generation"),
                       text_in(status, "pid"), span(status, "uptime_ms"),
                       text_in(status, "ready") == "true" ? ", ready" : ", not ready");
  if (state == "backoff" && has(status, "next_start_ms"))
    return std::format("{} waits, and is started again in {}.", name, span(status, "next_start_ms"));
  if (state == "failed") return std::format("{} has failed and is not started again by itself.", name);
  return std::format("{} is {}.", name, state);
}

void add_lines(std::string& text, std::string_view title, const json::object& from, std::string_view name) {
  const auto* lines = from.if_contains(name);
  if (lines == nullptr || !lines->is_array() || lines->get_array().empty()) return;
  text += std::format("{}\n", title);
  for (const auto& one : lines->get_array())
    if (one.is_string()) text += "  | " + std::string(one.get_string()) + "\n";
}

// A program counts nothing here.
std::string work_of(const json::object& exit) {
  const auto* figures = exit.if_contains("figures");
  if (figures == nullptr || !figures->is_object()) return {};
  const auto processed = number_in(figures->get_object(), "processed");
  const auto errors = number_in(figures->get_object(), "errors");
  return processed + errors == 0
             ? ""
             : std::format("It had processed {}, with {} error{}.\n", processed, errors, errors == 1 ? "" : "s");
}

// A reason stands for itself elsewhere: "killed by SIGKILL"; here it ends a sentence.
std::string as_predicate(const std::string& reason) {
  return reason.starts_with("killed") || reason.starts_with("ended by") ? "was " + reason : reason;
}

std::string death_of(const json::object& exit, const std::optional<json::object>& event) {
  auto text = std::format("Generation {} (process {}) {}", text_in(exit, "generation"), text_in(exit, "pid"),
                          as_predicate(text_in(exit, "reason")));
  if (event) text += std::format(", at {}", text_in(*event, "time"));
  text += std::format(", {} after its start.\n", span(exit, "lifetime_ms"));
  if (const auto why = occasion(text_in(exit, "cause")); !why.empty()) text += std::format("{}\n", why);
  if (has(exit, "error") && !text_in(exit, "reason").contains(text_in(exit, "error")))
    text += std::format("It said: {}\n", text_in(exit, "error"));
  if (const auto lost = number_in(exit, "lost_messages"); lost > 0)
    text += std::format("{} messages that it had taken and not done are lost.\n", lost);
  text += work_of(exit);
  add_lines(text, "Its last lines:", exit, "output");
  if (has(exit, "stack")) text += std::format("Its event loop was in:\n{}\n", text_in(exit, "stack"));
  if (has(exit, "trace_id")) text += std::format("Trace: {}\n", text_in(exit, "trace_id"));
  return text;
}

}  // namespace

std::string story_of(const told_worker& worker) {
  if (!worker.exit) return now_of(worker.status) + "\nNo process of it has ended yet.\n";
  auto text = death_of(*worker.exit, worker.event) + now_of(worker.status) + "\n";
  const bool down = text_in(worker.status, "state") == "failed";
  if (down && has(worker.status, "error")) text += std::format("Why: {}\n", text_in(worker.status, "error"));
  return text;
}

}  // namespace lineshaft::cli
