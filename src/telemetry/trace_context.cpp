#include "lineshaft/trace_context.hpp"

#include <opentelemetry/context/runtime_context.h>

#include <string_view>

#include "telemetry/baggage_propagator.hpp"
#include "telemetry/context_fields.hpp"
#include "telemetry/trace_context_propagator.hpp"

namespace lineshaft {

namespace otel = opentelemetry;

namespace {

using otel::context::Context;
using otel::context::RuntimeContext;

// The carrier over a trace_context: what is asked for is the name of a field, as the W3C writes it.
class field_carrier final : public otel::context::propagation::TextMapCarrier {
 public:
  explicit field_carrier(trace_context& fields) : fields_(fields) {}

  otel::nostd::string_view Get(otel::nostd::string_view key) const noexcept override {
    const auto* field = find(key);
    return field != nullptr ? otel::nostd::string_view(*field) : otel::nostd::string_view();
  }
  void Set(otel::nostd::string_view key, otel::nostd::string_view value) noexcept override {
    if (auto* field = find(key)) field->assign(value.data(), value.size());
  }

 private:
  std::string* find(otel::nostd::string_view key) const {
    if (key == "traceparent") return &fields_.traceparent;
    if (key == "tracestate") return &fields_.tracestate;
    if (key == "baggage") return &fields_.baggage;
    return nullptr;
  }

  trace_context& fields_;
};

}  // namespace

Context telemetry::to_opentelemetry(trace_context fields) {
  const field_carrier carrier(fields);
  Context context;
  context = trace_context_propagator().Extract(carrier, context);
  return baggage_propagator().Extract(carrier, context);
}

trace_context telemetry::fields_of(const Context& context) {
  trace_context fields;
  if (context == Context()) return fields;
  field_carrier carrier(fields);
  trace_context_propagator().Inject(carrier, context);
  baggage_propagator().Inject(carrier, context);
  return fields;
}

trace_context current_trace_context() { return telemetry::fields_of(RuntimeContext::GetCurrent()); }

context_scope::context_scope(const trace_context& context) {
  // Nothing over nothing changes nothing, and is what most messages bring.
  if (context.empty() && RuntimeContext::GetCurrent() == Context()) return;
  token_.reset(RuntimeContext::Attach(telemetry::to_opentelemetry(context)).release());
}

// The destructor of a token detaches its context.
void context_scope::detach::operator()(void* token) const noexcept { delete static_cast<otel::context::Token*>(token); }

}  // namespace lineshaft
