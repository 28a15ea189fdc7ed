#pragma once
// The log of this process, as LINESHAFT_LOG_* say. It is made when the first line is written: a process that writes
// none pays nothing. lineshaft/log.hpp writes to it.
#include <string_view>

#include "telemetry/settings.hpp"

namespace lineshaft::telemetry {

/// What the log is called from now on; without, it has the name of the program. Before there is another thread.
void name_log(std::string_view name);

/// A line about telemetry itself, of a level that OTEL_LOG_LEVEL wants. Never a log record: what is wrong with the
/// export must not be exported. From any thread.
void log_about_telemetry(log_level level, std::string_view text);

}  // namespace lineshaft::telemetry
