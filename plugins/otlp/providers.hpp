#pragma once
// The SDK's provider of each signal, as the environment asks for it. Each has threads of its own from its beginning.
#include <opentelemetry/sdk/logs/logger_provider.h>
#include <opentelemetry/sdk/metrics/meter_provider.h>
#include <opentelemetry/sdk/trace/tracer_provider.h>

#include <memory>

#include "telemetry/plugin_interface.hpp"
#include "telemetry/settings.hpp"

namespace lineshaft::otlp {

/// What they are made from.
struct wishes {
  telemetry::settings settings;
  const char* const* environment = nullptr;
  const lineshaft_telemetry_plugin* other = nullptr;  ///< has the exporters that this plug-in lacks; may be null
};

/// Null where no exporter could be made.
std::unique_ptr<opentelemetry::sdk::trace::TracerProvider> make_traces(const wishes& from);
std::unique_ptr<opentelemetry::sdk::metrics::MeterProvider> make_metrics(const wishes& from);
std::unique_ptr<opentelemetry::sdk::logs::LoggerProvider> make_logs(const wishes& from);

}  // namespace lineshaft::otlp
