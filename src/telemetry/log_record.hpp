#pragma once
// A log record of OpenTelemetry, by its API.
#include <chrono>
#include <string>
#include <string_view>

#include "lineshaft/span.hpp"
#include "telemetry/settings.hpp"

namespace lineshaft::telemetry {

struct log_record {
  std::string_view logger = "lineshaft";
  log_level level = log_level::info;
  std::string body;
  std::string_view event;  ///< empty: it is no event
  std::chrono::system_clock::time_point time = std::chrono::system_clock::now();
  attribute_map attributes;
};

/// In the trace and span of `context`. Nothing happens where nobody has put an SDK.
void emit(const log_record& record, const trace_context& context);

}  // namespace lineshaft::telemetry
