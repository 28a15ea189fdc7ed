#include "telemetry/trace_context_propagator.hpp"

#include <opentelemetry/trace/context.h>

#include <memory>

#include "telemetry/span_lookup.hpp"
#include "telemetry/traceparent.hpp"
#include "telemetry/tracestate.hpp"

namespace lineshaft::telemetry {

namespace otel = opentelemetry;
using otel::trace::TraceState;

namespace {

constexpr const char* traceparent_key = "traceparent";
constexpr const char* tracestate_key = "tracestate";

std::string state_header(const TraceState& state) {
  std::vector<tracestate_member> members;
  state.GetAllEntries([&](otel::nostd::string_view key, otel::nostd::string_view value) {
    members.emplace_back(std::string(key.data(), key.size()), std::string(value.data(), value.size()));
    return true;
  });
  return format_tracestate(members);
}

// Members one by one, in reverse: each Set() puts its own first. FromHeader() would do as well, but drops all
// for one that it does not like.
otel::nostd::shared_ptr<TraceState> state_of(std::string_view header) {
  auto state = TraceState::GetDefault();
  const auto members = parse_tracestate(header);
  for (auto member = members.rbegin(); member != members.rend(); ++member)
    state = state->Set(member->key, member->value);
  return state;
}

std::string_view value_in(const otel::context::propagation::TextMapCarrier& carrier, const char* key) {
  const auto value = carrier.Get(key);
  return {value.data(), value.size()};
}

}  // namespace

otel::context::Context trace_context_propagator::Extract(const otel::context::propagation::TextMapCarrier& carrier,
                                                         otel::context::Context& context) noexcept {
  const auto parent = parse_traceparent(value_in(carrier, traceparent_key));
  if (!parent) return context;
  const otel::trace::SpanContext remote(otel::trace::TraceId(parent->trace_id), otel::trace::SpanId(parent->span_id),
                                        otel::trace::TraceFlags(parent->flags), /*is_remote=*/true,
                                        state_of(value_in(carrier, tracestate_key)));
  return otel::trace::SetSpan(
      context, otel::nostd::shared_ptr<otel::trace::Span>(std::make_shared<otel::trace::DefaultSpan>(remote)));
}

void trace_context_propagator::Inject(otel::context::propagation::TextMapCarrier& carrier,
                                      const otel::context::Context& context) noexcept {
  const auto span = span_to_pass_on(context);
  if (!span) return;
  traceparent parent{.flags = span->trace_flags().flags()};
  span->trace_id().CopyBytesTo(parent.trace_id);
  span->span_id().CopyBytesTo(parent.span_id);
  carrier.Set(traceparent_key, format_traceparent(parent));
  if (span->trace_state()->Empty()) return;
  const auto state = state_header(*span->trace_state());
  if (!state.empty()) carrier.Set(tracestate_key, state);
}

bool trace_context_propagator::Fields(
    otel::nostd::function_ref<bool(otel::nostd::string_view)> callback) const noexcept {
  return callback(traceparent_key) && callback(tracestate_key);
}

}  // namespace lineshaft::telemetry
