#pragma once
// Around each exporter of the SDK: nothing is sent after the deadline, and what came of each export is counted.
// MakeRecordable() of those for spans and log records gives one that keeps the limits of the specification.
#include <memory>

#include "exporters.hpp"

namespace lineshaft::otlp {

std::unique_ptr<span_exporter> bounded(std::unique_ptr<span_exporter> inner, const telemetry::limit_settings& limits);
std::unique_ptr<log_exporter> bounded(std::unique_ptr<log_exporter> inner, const telemetry::limit_settings& limits);
std::unique_ptr<metric_exporter> bounded(std::unique_ptr<metric_exporter> inner);

}  // namespace lineshaft::otlp
