#pragma once
// Where the lines of a log go. Without a lock, so that the child of a fork() never waits for one.
#include <memory>

#include "telemetry/settings.hpp"
#include "telemetry/spdlog.hpp"

namespace lineshaft::telemetry {

std::shared_ptr<lineshaft_spdlog::sinks::sink> console_sink(log_format format);
/// Log records for the exporter, where there is one.
std::shared_ptr<lineshaft_spdlog::sinks::sink> record_sink();

lineshaft_spdlog::level::level_enum to_spdlog(log_level level);

}  // namespace lineshaft::telemetry
