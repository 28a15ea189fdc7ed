#include "telemetry/log_line.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <format>

#include "base/rfc3339.hpp"
#include "telemetry/utf8.hpp"

namespace lineshaft::telemetry {

namespace json = boost::json;

std::string_view to_string(log_level level) {
  switch (level) {
    case log_level::none: return "none";
    case log_level::error: return "error";
    case log_level::warn: return "warn";
    case log_level::info: return "info";
    case log_level::debug: return "debug";
  }
  return "?";
}

std::string text_of(const log_line& line) {
  return std::format("{} {:5} {}: {}\n", rfc3339<std::chrono::milliseconds>(line.time), to_string(line.level),
                     line.logger, well_formed_utf8(line.message));
}

std::string json_of(const log_line& line) {
  json::object object{{"timestamp", rfc3339<std::chrono::microseconds>(line.time)},
                      {"logger", well_formed_utf8(line.logger)},
                      {"level", to_string(line.level)}};
  if (line.line != 0) {
    object["file"] = line.file;
    object["function"] = line.function;
    object["line"] = line.line;
  }
  object["pid"] = line.pid;
  object["thread"] = line.thread;
  object["message"] = well_formed_utf8(line.message);
  if (!line.trace_id.empty()) {
    object["trace_id"] = line.trace_id;
    object["span_id"] = line.span_id;
  }
  return json::serialize(object) + "\n";
}

}  // namespace lineshaft::telemetry
