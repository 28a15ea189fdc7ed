#include "supervisor/worker_trace.hpp"

#include <csignal>
#include <cstring>
#include <system_error>
#include <utility>

#include "supervisor/exit_reason.hpp"
#include "telemetry/exporting.hpp"
#include "telemetry/instruments.hpp"
#include "telemetry/log_record.hpp"

namespace lineshaft::supervisor {

namespace {

using telemetry::instrument;

// OpenTelemetry has no conventions for supervisors: names of our own, in its manner.
const instrument starts{"lineshaft.worker.starts", "{process}", "processes that were asked for"};
const instrument exits{"lineshaft.worker.exits", "{process}", "processes that have ended"};
const instrument restart_instrument{"lineshaft.worker.process_restarts", "{restart}",
                                    "processes that followed another"};
const instrument failures{"lineshaft.spawn.failures", "{process}", "processes that could not be made"};
const instrument start_durations{"lineshaft.worker.start.duration", "s", "from the launch until there is a process"};
const instrument ready_durations{"lineshaft.worker.ready.duration", "s", "from the launch until it is ready"};
const instrument stop_durations{"lineshaft.worker.stop.duration", "s", "from the request until it has gone"};
const instrument lifetimes{"lineshaft.worker.lifetime", "s", "how long processes lived"};

// "ENOENT" rather than a text, which depends on the language of the machine.
std::string error_type(const error& why) {
  const bool of_the_system = why.code && why.code.default_error_condition().category() == std::generic_category();
  const char* name = of_the_system ? ::strerrorname_np(why.code.value()) : nullptr;
  return name != nullptr ? name : "start_failed";
}
std::string error_type(const exit_record& record) { return record.code < 0 ? signal_name(-record.code) : "exit_code"; }

// OpenTelemetry has no conventions for it beyond those of a process.
telemetry::log_record log_record_of(const std::string& name, const exit_record& record) {
  telemetry::log_record log{.level = record.success ? telemetry::log_level::info : telemetry::log_level::error,
                            .body = name + ": " + record.reason,
                            .event = "lineshaft.worker.exit",
                            .attributes = {{"lineshaft.worker.name", name},
                                           {"lineshaft.worker.generation", std::int64_t{record.generation}},
                                           {"process.pid", std::int64_t{record.pid}}}};
  if (record.code < 0) {
    log.attributes["lineshaft.exit.signal"] = signal_name(-record.code);
  } else if (record.code_known) {
    log.attributes["process.exit.code"] = std::int64_t{record.code};
  }
  const auto& lost = record.undelivered;
  if (lost.spans > 0) log.attributes["lineshaft.undelivered.spans"] = static_cast<std::int64_t>(lost.spans);
  if (lost.log_records > 0)
    log.attributes["lineshaft.undelivered.log_records"] = static_cast<std::int64_t>(lost.log_records);
  return log;
}

}  // namespace

trace_context worker_trace::launching(const trace_context& caller, std::uint32_t generation,
                                      const restart_counts& restarts, time_point now) {
  if (!telemetry::tracing()) return caller;
  count_restarts(restarts);
  process_ = {{"lineshaft.worker.name", name_}, {"lineshaft.worker.generation", std::int64_t{generation}}};
  span_options options{.kind = span_kind::client, .parent = caller, .attributes = process_};
  if (!started_.empty()) options.links = {started_};
  start_.reset();
  start_.emplace("start " + name_, options);
  started_ = start_->context();
  launching_ = now;
  leaving_.reset();
  telemetry::count(starts, 1, {{"lineshaft.worker.name", name_}});
  return started_;
}

void worker_trace::launched(pid_t pid, time_point now) {
  measure(start_durations, launching_, now);
  if (!start_) return;
  process_["process.pid"] = std::int64_t{pid};
  start_->set_attribute("process.pid", std::int64_t{pid});
  inside_.emplace("worker start", span_options{.parent = started_, .attributes = process_});
}

void worker_trace::ready(time_point now) {
  inside_.reset();
  start_.reset();
  // It may be ready more than once in its life.
  measure(ready_durations, std::exchange(launching_, std::nullopt), now);
}

void worker_trace::not_launched(const error& why) {
  launching_.reset();
  telemetry::count(failures, 1, {{"lineshaft.worker.name", name_}, {"error.type", error_type(why)}});
  if (start_) start_->fail(error_type(why), why.message());
  start_.reset();
}

void worker_trace::asked_to_leave(std::string_view cause, time_point now) {
  if (stop_ || !telemetry::tracing()) return;
  leaving_ = now;
  stop_.emplace("stop " + name_, span_options{.parent = started_, .attributes = process_});
  stop_->set_attribute("lineshaft.stop.cause", cause);
}

void worker_trace::shutdown_sent() {
  if (stop_) stop_->add_event("shutdown.sent");
}

void worker_trace::signal_sent(int signal) {
  if (stop_)
    stop_->add_event(signal == SIGKILL ? "kill.escalated" : "signal.sent", {{"lineshaft.signal", signal_name(signal)}});
}

void worker_trace::exited(const exit_record& record, const ending& how) {
  if (!telemetry::tracing()) return;
  const std::string word(exit_word(record, how.killed));
  for (auto* open : {&inside_, &start_, &stop_}) {
    if (*open && record.code_known && record.code >= 0)
      (*open)->set_attribute("process.exit.code", std::int64_t{record.code});
    if (*open && !record.success) (*open)->fail(error_type(record), record.reason);
    open->reset();
  }
  telemetry::count(exits, 1, {{"lineshaft.worker.name", name_}, {"lineshaft.exit.reason", word}});
  measure(stop_durations, std::exchange(leaving_, std::nullopt), how.now);
  telemetry::measure(lifetimes, std::chrono::duration<double>(record.lifetime).count(),
                     {{"lineshaft.worker.name", name_}});
  auto log = log_record_of(name_, record);
  log.attributes["lineshaft.exit.reason"] = word;
  log.attributes["lineshaft.restart.count"] = static_cast<std::int64_t>(how.restarts);
  if (how.backoff) log.attributes["lineshaft.restart.backoff"] = std::chrono::duration<double>(*how.backoff).count();
  telemetry::emit(log, started_);
}

void worker_trace::measure(const telemetry::instrument& what, std::optional<time_point> since, time_point now) const {
  if (since)
    telemetry::measure(what, std::chrono::duration<double>(now - *since).count(), {{"lineshaft.worker.name", name_}});
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
