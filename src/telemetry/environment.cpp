#include "telemetry/environment.hpp"

#include <unistd.h>

#include "telemetry/baggage.hpp"
#include "telemetry/traceparent.hpp"
#include "telemetry/tracestate.hpp"

namespace lineshaft::telemetry {

namespace {

std::string_view value_in(const char* const* environment, std::string_view name) {
  for (; environment != nullptr && *environment != nullptr; ++environment) {
    const std::string_view variable = *environment;
    if (variable.starts_with(name) && variable.substr(name.size()).starts_with('='))
      return variable.substr(name.size() + 1);
  }
  return {};
}

}  // namespace

void write_environment(const trace_context& context, environment_list& environment) {
  for (const auto* name : {"TRACEPARENT", "TRACESTATE", "BAGGAGE"}) erase_variable(environment, name);
  environment_carrier carrier(environment);
  if (!context.traceparent.empty()) carrier.Set("traceparent", context.traceparent);
  if (!context.traceparent.empty() && !context.tracestate.empty()) carrier.Set("tracestate", context.tracestate);
  if (!context.baggage.empty()) carrier.Set("baggage", context.baggage);
}

trace_context from_environment(const char* const* environment) {
  trace_context context;
  if (const auto parent = parse_traceparent(value_in(environment, "TRACEPARENT"))) {
    context.traceparent = format_traceparent(*parent);
    context.tracestate = format_tracestate(parse_tracestate(value_in(environment, "TRACESTATE")));
  }
  context.baggage = format_baggage(parse_baggage(value_in(environment, "BAGGAGE")));
  return context;
}

const trace_context& started_under() {
  static const auto& context = *new trace_context(from_environment(environ));
  return context;
}

}  // namespace lineshaft::telemetry
