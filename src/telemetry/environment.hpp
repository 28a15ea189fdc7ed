#pragma once
// The trace context in the environment of a worker process: written by the manager, read by the worker.
#include "lineshaft/trace_context.hpp"
#include "telemetry/environment_carrier.hpp"

namespace lineshaft::telemetry {

/// Makes TRACEPARENT, TRACESTATE and BAGGAGE say this context. Those that were there go in any case: what the
/// manager was itself started under is none of the worker's.
void write_environment(const trace_context& context, environment_list& environment);

/// The context that this process was started under, as its environment said when this was first asked.
const trace_context& started_under();

/// The context that the process was started under. `environment` is as in environ(7); what is malformed in it
/// is left out.
trace_context from_environment(const char* const* environment);

}  // namespace lineshaft::telemetry
