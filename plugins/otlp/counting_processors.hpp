#pragma once
// Batch processors that count what they are given: the SDK drops what does not fit its queue, and tells its log alone.
#include <opentelemetry/sdk/logs/processor.h>
#include <opentelemetry/sdk/trace/processor.h>

#include <memory>

#include "exporters.hpp"

namespace lineshaft::otlp {

std::unique_ptr<opentelemetry::sdk::trace::SpanProcessor> batching(std::unique_ptr<span_exporter> exporter,
                                                                   const telemetry::batch_settings& how);
std::unique_ptr<opentelemetry::sdk::logs::LogRecordProcessor> batching(std::unique_ptr<log_exporter> exporter,
                                                                       const telemetry::batch_settings& how);

}  // namespace lineshaft::otlp
