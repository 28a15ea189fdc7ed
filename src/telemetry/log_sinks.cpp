#include "telemetry/log_sinks.hpp"

#include <unistd.h>

#include "lineshaft/trace_context.hpp"
#include "telemetry/log_line.hpp"
#include "telemetry/log_record.hpp"
#include "telemetry/utf8.hpp"
#include "telemetry/write_whole.hpp"

namespace lineshaft::telemetry {

namespace {

namespace level = lineshaft_spdlog::level;
using lineshaft_spdlog::details::log_msg;

std::string_view view(lineshaft_spdlog::string_view_t text) { return {text.data(), text.size()}; }
std::string_view view(const char* text) { return text == nullptr ? std::string_view() : text; }

log_level from_spdlog(level::level_enum from) {
  switch (from) {
    case level::err: return log_level::error;
    case level::warn: return log_level::warn;
    case level::debug: return log_level::debug;
    default: return log_level::info;
  }
}

log_line line_of(const log_msg& message) {
  log_line line{.time = std::chrono::time_point_cast<std::chrono::system_clock::duration>(message.time),
                .logger = view(message.logger_name),
                .level = from_spdlog(message.level),
                .file = view(message.source.filename),
                .function = view(message.source.funcname),
                .line = static_cast<std::uint32_t>(message.source.line),
                .pid = ::getpid(),
                .thread = message.thread_id,
                .message = view(message.payload)};
  if (const auto parent = current_trace_context().traceparent; !parent.empty()) {
    // "00-TRACE-SPAN-01"
    line.trace_id = parent.substr(3, 32);
    line.span_id = parent.substr(36, 16);
  }
  return line;
}

// One write for a line: those of several threads and processes stay whole, as far as a pipe goes. A standard error that
// takes nothing loses it: there is nobody left to be told.
void print(std::string_view line) { (void)write_whole(STDERR_FILENO, line); }

class unlocked_sink : public lineshaft_spdlog::sinks::sink {
 public:
  void flush() final {}
  void set_pattern(const std::string&) final {}
  void set_formatter(std::unique_ptr<lineshaft_spdlog::formatter>) final {}
};

class standard_error final : public unlocked_sink {
 public:
  explicit standard_error(log_format format) : format_(format) {}
  void log(const log_msg& message) override {
    const auto line = line_of(message);
    print(format_ == log_format::json ? json_of(line) : text_of(line));
  }

 private:
  log_format format_;
};

class log_records final : public unlocked_sink {
 public:
  void log(const log_msg& message) override {
    log_record record{.logger = view(message.logger_name),
                      .level = from_spdlog(message.level),
                      .body = well_formed_utf8(view(message.payload)),
                      .time = std::chrono::time_point_cast<std::chrono::system_clock::duration>(message.time),
                      .attributes = {{"thread.id", static_cast<std::int64_t>(message.thread_id)}}};
    if (!message.source.empty()) {
      record.attributes["code.file.path"] = std::string(view(message.source.filename));
      record.attributes["code.function.name"] = std::string(view(message.source.funcname));
      record.attributes["code.line.number"] = static_cast<std::int64_t>(message.source.line);
    }
    emit(record, current_trace_context());
  }
};

}  // namespace

level::level_enum to_spdlog(log_level from) {
  switch (from) {
    case log_level::none: return level::off;
    case log_level::error: return level::err;
    case log_level::warn: return level::warn;
    case log_level::info: return level::info;
    case log_level::debug: return level::debug;
  }
  return level::info;
}

std::shared_ptr<lineshaft_spdlog::sinks::sink> console_sink(log_format format) {
  return std::make_shared<standard_error>(format);
}
std::shared_ptr<lineshaft_spdlog::sinks::sink> record_sink() { return std::make_shared<log_records>(); }

}  // namespace lineshaft::telemetry
