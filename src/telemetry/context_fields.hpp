#pragma once
// Between OpenTelemetry's context and the text that crosses a border.
#include <opentelemetry/context/context.h>

#include "lineshaft/trace_context.hpp"

namespace lineshaft::telemetry {

opentelemetry::context::Context to_opentelemetry(trace_context fields);
trace_context fields_of(const opentelemetry::context::Context& context);

}  // namespace lineshaft::telemetry
