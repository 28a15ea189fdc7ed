#pragma once
// W3C Trace Context as an OpenTelemetry propagator, in place of the API's own HttpTraceContext, which is
// less strict (ADR 21). Has no state: any thread may use one.
#include <opentelemetry/context/propagation/text_map_propagator.h>

namespace lineshaft::telemetry {

class trace_context_propagator final : public opentelemetry::context::propagation::TextMapPropagator {
 public:
  /// The given context with the remote span of the carrier; unchanged where the carrier has no valid one.
  opentelemetry::context::Context Extract(const opentelemetry::context::propagation::TextMapCarrier& carrier,
                                          opentelemetry::context::Context& context) noexcept override;
  /// Sets nothing where the context has no span to pass on (span_lookup.hpp).
  void Inject(opentelemetry::context::propagation::TextMapCarrier& carrier,
              const opentelemetry::context::Context& context) noexcept override;
  bool Fields(
      opentelemetry::nostd::function_ref<bool(opentelemetry::nostd::string_view)> callback) const noexcept override;
};

}  // namespace lineshaft::telemetry
