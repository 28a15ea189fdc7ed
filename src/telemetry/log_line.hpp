#pragma once
// One line of a log, as text for people and as JSON for machines.
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "telemetry/settings.hpp"

namespace lineshaft::telemetry {

struct log_line {
  std::chrono::system_clock::time_point time;
  std::string_view logger;
  log_level level = log_level::info;
  std::string_view file, function;
  std::uint32_t line = 0;  ///< 0: the place is not known
  std::int64_t pid = 0;
  std::uint64_t thread = 0;
  std::string_view message;
  std::string trace_id, span_id;  ///< empty: there is no trace
};

std::string_view to_string(log_level level);

/// "2026-11-24T20:15:01.123Z warn  feed: the queue is full". Ends with a newline.
std::string text_of(const log_line& line);
/// One object, with a key for each member; those that are not known are left out. Ends with a newline.
std::string json_of(const log_line& line);

}  // namespace lineshaft::telemetry
