#pragma once
#include <opentelemetry/exporters/otlp/otlp_preferred_temporality.h>

#include "telemetry/settings.hpp"

namespace lineshaft::otlp {

constexpr opentelemetry::exporter::otlp::PreferredAggregationTemporality preferred(telemetry::temporality wanted) {
  using preference = opentelemetry::exporter::otlp::PreferredAggregationTemporality;
  switch (wanted) {
    case telemetry::temporality::cumulative: return preference::kCumulative;
    case telemetry::temporality::delta: return preference::kDelta;
    case telemetry::temporality::lowmemory: return preference::kLowMemory;
  }
  return preference::kCumulative;
}

}  // namespace lineshaft::otlp
