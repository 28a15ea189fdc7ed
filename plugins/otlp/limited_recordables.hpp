#pragma once
// Spans and log records that keep to the specification's limits, which opentelemetry-cpp 1.19 knows nothing of.
#include <opentelemetry/sdk/logs/recordable.h>
#include <opentelemetry/sdk/trace/recordable.h>

#include <memory>

#include "telemetry/settings.hpp"

namespace lineshaft::otlp {

std::unique_ptr<opentelemetry::sdk::trace::Recordable> limited(
    std::unique_ptr<opentelemetry::sdk::trace::Recordable> inner, const telemetry::limit_settings& limits);
std::unique_ptr<opentelemetry::sdk::logs::Recordable> limited(
    std::unique_ptr<opentelemetry::sdk::logs::Recordable> inner, const telemetry::limit_settings& limits);

/// The one inside of what `limited` has made: its exporter knows no other.
std::unique_ptr<opentelemetry::sdk::trace::Recordable> take_inner(
    std::unique_ptr<opentelemetry::sdk::trace::Recordable> limited);
std::unique_ptr<opentelemetry::sdk::logs::Recordable> take_inner(
    std::unique_ptr<opentelemetry::sdk::logs::Recordable> limited);

}  // namespace lineshaft::otlp
