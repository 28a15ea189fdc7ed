#include "supervisor/worker_trace.hpp"

#include <format>
#include <utility>

#include "telemetry/exporting.hpp"
#include "telemetry/instruments.hpp"

namespace lineshaft::supervisor {

namespace {

using telemetry::instrument;

// OpenTelemetry has no conventions for supervisors: names of our own, in its manner.
constexpr instrument starts{"lineshaft.worker.starts", "{process}", "processes that were asked for"};
constexpr instrument exits{"lineshaft.worker.exits", "{process}", "processes that have ended"};
constexpr instrument restart_instrument{"lineshaft.worker.process_restarts", "{restart}",
                                        "processes that followed another"};
constexpr instrument lifetimes{"lineshaft.worker.lifetime", "s", "how long processes lived"};

// Few words, for counting by.
std::string exit_word(const exit_record& record, bool killed) {
  if (killed) return "timeout";
  if (record.success) return "normal";
  return record.code < 0 ? "signal" : "exit_code";
}

std::string error_type(const exit_record& record) {
  return record.code < 0 ? std::format("signal {}", -record.code) : std::format("exit_code {}", record.code);
}

}  // namespace

trace_context worker_trace::launching(const trace_context& caller, std::uint32_t generation,
                                      const restart_counts& restarts) {
  if (!telemetry::tracing()) return caller;
  count_restarts(restarts);
  span_options options{
      .kind = span_kind::client,
      .parent = caller,
      .attributes = {{"lineshaft.worker.name", name_}, {"lineshaft.worker.generation", std::to_string(generation)}}};
  if (!started_.empty()) options.links = {started_};
  start_.reset();
  start_.emplace("start " + name_, options);
  started_ = start_->context();
  telemetry::count(starts, 1, {{"lineshaft.worker.name", name_}});
  return started_;
}

void worker_trace::ready() { start_.reset(); }

void worker_trace::not_launched(const error& why) {
  if (start_) start_->fail("start_failed", why.message());
  start_.reset();
}

void worker_trace::asked_to_leave(std::string_view cause) {
  if (stop_ || !telemetry::tracing()) return;
  stop_.emplace("stop " + name_, span_options{.parent = started_,
                                              .attributes = {{"lineshaft.worker.name", name_},
                                                             {"lineshaft.stop.cause", std::string(cause)}}});
}

void worker_trace::exited(const exit_record& record, bool killed) {
  if (!telemetry::tracing()) return;
  const auto word = exit_word(record, killed);
  for (auto* open : {&start_, &stop_}) {
    if (*open && !record.success) (*open)->fail(error_type(record), record.reason);
    open->reset();
  }
  telemetry::count(exits, 1, {{"lineshaft.worker.name", name_}, {"lineshaft.exit.reason", word}});
  telemetry::measure(lifetimes, std::chrono::duration<double>(record.lifetime).count(),
                     {{"lineshaft.worker.name", name_}});
  telemetry::log_event(record.success ? telemetry::log_level::info : telemetry::log_level::error,
                       "lineshaft.worker.exit", name_ + ": " + record.reason,
                       {{"lineshaft.worker.name", name_},
                        {"lineshaft.worker.generation", std::to_string(record.generation)},
                        {"process.pid", std::to_string(record.pid)},
                        {"process.exit.code", std::to_string(record.code)},
                        {"lineshaft.exit.reason", word},
                        {"lineshaft.undelivered.spans", std::to_string(record.undelivered.spans)}},
                       started_);
}

void worker_trace::count_restarts(restart_counts now) {
  for (const auto why : {restart_cause::crash, restart_cause::completion, restart_cause::watchdog, restart_cause::asked,
                         restart_cause::reload, restart_cause::group, restart_cause::recycle}) {
    const auto more = now.of(why) - counted_.of(why);
    if (more == 0) continue;
    telemetry::count(restart_instrument, more,
                     {{"lineshaft.worker.name", name_}, {"lineshaft.restart.cause", std::string(to_string(why))}});
  }
  counted_ = now;
}

}  // namespace lineshaft::supervisor
