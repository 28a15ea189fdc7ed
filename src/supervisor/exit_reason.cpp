#include "supervisor/exit_reason.hpp"

#include <cstring>
#include <format>

#include "policy/success.hpp"

namespace lineshaft::supervisor {
namespace {

using policy::leave_cause;

std::string with_error(std::string text, const std::string& error) {
  return error.empty() ? text : text + ": " + error;
}

std::string not_ready_reason(const ended_process& ended) {
  return with_error(std::format("was not ready within {}", to_text(ended.options.start_timeout)), ended.error);
}

std::string killed_reason(const ended_process& ended) {
  if (ended.cause == leave_cause::start_timeout) {
    return with_error(std::format("killed: was not ready within {} and did not stop within {}",
                                  to_text(ended.options.start_timeout), to_text(ended.stop_budget)),
                      ended.error);
  }
  return with_error(std::format("killed: did not stop within {}", to_text(ended.stop_budget)), ended.error);
}

std::string restart_reason(const ended_process& ended) {
  switch (ended.restart) {
    case restart_cause::group: return "stopped: another of its group is started again";
    case restart_cause::recycle: return ended.sick.empty() ? "stopped: too old" : "stopped: " + ended.sick;
    case restart_cause::reload: return "stopped: its definition changed";
    default: return "stopped";
  }
}

std::string success_reason(const ended_process& ended) {
  switch (ended.cause) {
    case leave_cause::stop: return "stopped";
    case leave_cause::restart: return restart_reason(ended);
    case leave_cause::abandoned: return "stopped: " + ended.abandoned;
    case leave_cause::finished: return "finished";
    case leave_cause::itself: return "stopped by a signal from outside";
    case leave_cause::start_timeout: return not_ready_reason(ended);
    default: return ended.is_class ? "exited 0 without being asked: something in the worker called exit()" : "exited 0";
  }
}

}  // namespace

std::string_view exit_word(const exit_record& record, bool killed) {
  if (record.out_of_memory && !killed) return "oom";
  if (record.cause == "start_timeout") return "start_failed";
  if (record.cause == "watchdog") return "watchdog";
  if (killed) return "timeout";
  if (record.success) return "normal";
  if (!record.code_known) return "unknown";
  return record.code < 0 ? "signal" : "exit_code";
}

std::string signal_name(int signal) {
  const char* name = ::sigabbrev_np(signal);
  return name == nullptr ? std::format("signal {}", signal) : std::format("SIG{}", name);
}

std::string to_text(std::chrono::milliseconds duration) {
  if (duration.count() % 1000 == 0) return std::format("{} s", duration.count() / 1000);
  return std::format("{} ms", duration.count());
}

std::string exit_reason(const ended_process& ended) {
  const auto& status = ended.status;
  if (!status.known) return with_error("ended; its exit code went to something else in this program", ended.error);
  if (status.out_of_memory && !ended.killed) return with_error("killed: out of memory", ended.error);
  if (ended.cause == leave_cause::watchdog) return "ended by the watchdog: " + ended.sick;
  if (ended.killed && status.by_signal()) return killed_reason(ended);
  if (ended.cause == leave_cause::start_timeout && !ended.is_class) return not_ready_reason(ended);
  if (policy::ended_by_stop({status.code, status.known, ended.is_class, ended.cause}, ended.options))
    return "stopped by " + signal_name(-status.code);
  if (status.by_signal()) {
    return with_error(
        std::format("killed by {}{}", signal_name(-status.code), status.core_dumped ? " (core dumped)" : ""),
        ended.error);
  }
  if (status.code == 0) return success_reason(ended);
  return with_error(std::format("exited {}", status.code), ended.error);
}

}  // namespace lineshaft::supervisor
