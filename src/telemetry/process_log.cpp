#include "telemetry/process_log.hpp"

#include <errno.h>
#include <unistd.h>

#include <atomic>
#include <mutex>
#include <string>

#include "lineshaft/log.hpp"
#include "telemetry/log_sinks.hpp"

namespace lineshaft {

namespace {

struct process_log {
  explicit process_log(const std::string& name, const telemetry::settings& wanted)
      : everything(name, {telemetry::console_sink(wanted.format), telemetry::record_sink()}),
        telemetry_itself("lineshaft", telemetry::console_sink(wanted.format)) {
    everything.set_level(telemetry::to_spdlog(wanted.log_lines));
    telemetry_itself.set_level(lineshaft_spdlog::level::debug);
  }

  lineshaft_spdlog::logger everything, telemetry_itself;
};

// Never destroyed: threads of the SDK may outlive main(), and complain.
struct state {
  std::mutex mutex;
  std::string name = ::program_invocation_short_name;
  std::atomic<process_log*> made = nullptr;
};

state& the_state() {
  static auto& one = *new state;
  return one;
}

process_log& the_log() {
  auto& own = the_state();
  if (auto* known = own.made.load(std::memory_order_acquire)) return *known;
  const std::scoped_lock lock(own.mutex);
  if (auto* known = own.made.load(std::memory_order_relaxed)) return *known;
  auto* made = new process_log(own.name, telemetry::parse_settings(environ).values);
  own.made.store(made, std::memory_order_release);
  return *made;
}

// The levels of both are numbered alike.
lineshaft_spdlog::level::level_enum to_spdlog(log::level level) {
  return telemetry::to_spdlog(static_cast<telemetry::log_level>(level));
}

}  // namespace

void telemetry::name_log(std::string_view name) {
  auto& own = the_state();
  own.name = name;
  own.made = nullptr;
}

void telemetry::log_about_telemetry(log_level level, std::string_view text) {
  the_log().telemetry_itself.log(telemetry::to_spdlog(level), lineshaft_spdlog::string_view_t(text));
}

bool log::wanted(level level) { return the_log().everything.should_log(to_spdlog(level)); }

void log::write(level level, const std::source_location& where, std::string_view text) {
  the_log().everything.log({where.file_name(), static_cast<int>(where.line()), where.function_name()}, to_spdlog(level),
                           lineshaft_spdlog::string_view_t(text));
}

}  // namespace lineshaft
