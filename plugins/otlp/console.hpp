#pragma once
// The SDK's console exporters: to standard output, each export in one piece, since other processes print there as well.
#include "exporters.hpp"

namespace lineshaft::otlp {

std::unique_ptr<span_exporter> console_span_exporter();
std::unique_ptr<metric_exporter> console_metric_exporter();
std::unique_ptr<log_exporter> console_log_exporter();

}  // namespace lineshaft::otlp
