#pragma once
// W3C Baggage as an OpenTelemetry propagator, in place of the API's own, which loses and invents members
// (ADR 22). Has no state: any thread may use one.
#include <opentelemetry/context/propagation/text_map_propagator.h>

namespace lineshaft::telemetry {

class baggage_propagator final : public opentelemetry::context::propagation::TextMapPropagator {
 public:
  /// The given context with the baggage of the carrier, for opentelemetry::baggage::GetBaggage(); unchanged
  /// where the carrier has none. As in the API's own, properties stand behind the value: "value;p=v".
  opentelemetry::context::Context Extract(const opentelemetry::context::propagation::TextMapCarrier& carrier,
                                          opentelemetry::context::Context& context) noexcept override;
  void Inject(opentelemetry::context::propagation::TextMapCarrier& carrier,
              const opentelemetry::context::Context& context) noexcept override;
  bool Fields(
      opentelemetry::nostd::function_ref<bool(opentelemetry::nostd::string_view)> callback) const noexcept override;
};

}  // namespace lineshaft::telemetry
