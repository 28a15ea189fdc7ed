#pragma once
// The exporters that a plug-in has: each signal, over the protocol of this plug-in, or to the console.
#include <opentelemetry/sdk/logs/exporter.h>
#include <opentelemetry/sdk/metrics/push_metric_exporter.h>
#include <opentelemetry/sdk/trace/exporter.h>

#include <chrono>
#include <memory>

#include "telemetry/settings.hpp"

namespace lineshaft::otlp {

using span_exporter = opentelemetry::sdk::trace::SpanExporter;
using metric_exporter = opentelemetry::sdk::metrics::PushMetricExporter;
using log_exporter = opentelemetry::sdk::logs::LogRecordExporter;

/// Whether this plug-in speaks it. Each plug-in defines the four of them.
bool speaks(telemetry::protocol over);
std::unique_ptr<span_exporter> make_span_exporter(const telemetry::settings& wanted);
std::unique_ptr<metric_exporter> make_metric_exporter(const telemetry::settings& wanted);
std::unique_ptr<log_exporter> make_log_exporter(const telemetry::settings& wanted);

/// One request of a signal takes no longer than its exporter may, nor than its processor lets it; 0 is no limit.
std::chrono::milliseconds shorter(std::chrono::milliseconds a, std::chrono::milliseconds b);

}  // namespace lineshaft::otlp
