#include "supervisor/exit_records.hpp"

#include <csignal>

#include "status/block_reader.hpp"
#include "supervisor/exit_reason.hpp"

namespace lineshaft::supervisor {
namespace {

// traceparent: 00-TRACE_ID-…, https://www.w3.org/TR/trace-context/
constexpr std::size_t trace_id_at = 3, trace_id_size = 32;

// A command, or a signal that it died of or left for.
std::string asked_by(policy::leave_cause cause, const sys::exit_status& status, const life_notes& notes) {
  if (cause == policy::leave_cause::stop || cause == policy::leave_cause::restart) return notes.asked_by;
  const bool left_for_it =
      cause == policy::leave_cause::itself && (notes.sent.number == SIGTERM || notes.sent.number == SIGINT);
  const bool died_of_it =
      cause == policy::leave_cause::none && notes.sent.number != 0 && status.code == -notes.sent.number;
  return left_for_it || died_of_it ? notes.sent.by : std::string();
}

}  // namespace

void life_notes::entered(worker_state state, policy::time_point now) {
  if (states.empty()) asked_for = now;
  if (!states.empty() && states.back().state == state) return;
  states.push_back({state, std::chrono::duration_cast<std::chrono::milliseconds>(now - asked_for)});
}

exit_record record_of(const process& ended, const sys::exit_status& status, const policy::worker_life& life,
                      const worker_definition& worker, const life_notes& notes, policy::time_point now) {
  exit_record record;
  record.generation = life.generation();
  record.pid = ended.pid();
  record.code = status.code;
  record.code_known = status.known;
  record.core_dumped = status.core_dumped;
  record.out_of_memory = status.out_of_memory;
  const bool too_late = life.cause() == policy::leave_cause::start_timeout;
  record.error = too_late && notes.said_error.empty() ? notes.not_ready : notes.said_error;
  record.cause = to_string(life.cause());
  record.asked_by = asked_by(life.cause(), status, notes);
  if (worker.context.traceparent.size() > trace_id_at + trace_id_size)
    record.trace_id = worker.context.traceparent.substr(trace_id_at, trace_id_size);
  record.stack = notes.stack;
  record.states = notes.states;
  record.lifetime = std::chrono::duration_cast<std::chrono::milliseconds>(now - ended.started());
  record.user_time = status.user_time;
  record.system_time = status.system_time;
  record.max_resident_bytes = status.max_resident_bytes;
  if (const auto& block = ended.block()) {
    record.figures = status::read_figures(block->bytes());
    record.undelivered = status::read_undelivered(block->bytes());
  }
  record.figures.running = false;
  record.reason = exit_reason({status, life.cause(), life.restarting_because(), life.gave_up(), life.killed(),
                               !worker.is_program(), notes.sick, record.error, worker.how, life.stop_budget()});
  return record;
}

}  // namespace lineshaft::supervisor
