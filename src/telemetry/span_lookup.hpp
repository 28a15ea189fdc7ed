#pragma once
// Which span of an OpenTelemetry context is to be passed on.
#include <opentelemetry/context/context.h>
#include <opentelemetry/trace/span_context.h>

#include <optional>

namespace lineshaft::telemetry {

/// The innermost valid span of the context. The no-op tracer's spans are passed over: it drops the parent
/// (opentelemetry-cpp 1.19), which would end the trace in every program without an SDK. A span that a sampler
/// dropped is given as not sampled, since nobody exports it, whatever its flags say.
std::optional<opentelemetry::trace::SpanContext> span_to_pass_on(const opentelemetry::context::Context& context);

}  // namespace lineshaft::telemetry
