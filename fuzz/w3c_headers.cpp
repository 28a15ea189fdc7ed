// traceparent, tracestate and baggage as they come from anywhere.
#include "input.hpp"
#include "telemetry/baggage.hpp"
#include "telemetry/traceparent.hpp"
#include "telemetry/tracestate.hpp"

using namespace lineshaft::telemetry;

// What was accepted is written so that everybody accepts it, and means the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto header = fuzz::text(data, size);
  if (const auto parent = parse_traceparent(header)) {
    fuzz::must(parse_traceparent(format_traceparent(*parent)) == parent);
  }
  const auto state = parse_tracestate(header);
  fuzz::must(parse_tracestate(format_tracestate(state)) == state);
  const auto members = parse_baggage(header);
  fuzz::must(parse_baggage(format_baggage(members)) == members);
  return 0;
}
