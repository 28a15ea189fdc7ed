// traceparent, tracestate and baggage as they come from anywhere.
#include "input.hpp"
#include "telemetry/baggage.hpp"
#include "telemetry/traceparent.hpp"
#include "telemetry/tracestate.hpp"

using namespace lineshaft::telemetry;

namespace {

// What a header may have at least before it is shortened when it is written, however much of it has to be encoded.
constexpr std::size_t always_whole = 512;

// What was accepted is written so that everybody accepts it, and means the same.
template <class Members>
void check(const Members& accepted, Members parse(std::string_view), std::string format(const Members&), bool whole) {
  const auto written = format(accepted);
  const auto again = parse(written);
  fuzz::must(format(again) == written);
  if (whole) fuzz::must(again == accepted);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto header = fuzz::text(data, size);
  if (const auto parent = parse_traceparent(header)) {
    fuzz::must(parse_traceparent(format_traceparent(*parent)) == parent);
  }
  const bool whole = size <= always_whole;
  check<std::vector<tracestate_member>>(
      parse_tracestate(header), parse_tracestate, [](const auto& state) { return format_tracestate(state); }, whole);
  check<std::vector<baggage_member>>(
      parse_baggage(header), parse_baggage, [](const auto& members) { return format_baggage(members); }, whole);
  return 0;
}
