#include "telemetry/span_lookup.hpp"

#include <opentelemetry/trace/noop.h>
#include <opentelemetry/trace/span.h>
#include <opentelemetry/trace/span_metadata.h>

#include <string_view>
#include <typeinfo>

namespace lineshaft::telemetry {

namespace otel = opentelemetry;

namespace {

// Context::GetValue() sees the innermost value of a key alone, and no public function goes further out. An
// explicit instantiation may name a private member, and does not compile where there is none (ADR 20).
const auto& values_of(const otel::context::Context& context);

template <auto Head>
struct open_context {
  friend const auto& values_of(const otel::context::Context& context) { return context.*Head; }
};
template struct open_context<&otel::context::Context::head_>;

// The SDK makes a sampled-out span a NoopSpan with a valid context and, in 1.19, its parent's flags.
otel::trace::SpanContext as_exported(const otel::trace::Span& span, const otel::trace::SpanContext& context) {
  if (typeid(span) != typeid(otel::trace::NoopSpan)) return context;
  const auto flags = static_cast<std::uint8_t>(context.trace_flags().flags() & ~otel::trace::TraceFlags::kIsSampled);
  return {context.trace_id(), context.span_id(), otel::trace::TraceFlags(flags), context.IsRemote(),
          context.trace_state()};
}

}  // namespace

std::optional<otel::trace::SpanContext> span_to_pass_on(const otel::context::Context& context) {
  using span_pointer = otel::nostd::shared_ptr<otel::trace::Span>;
  for (const auto* value = values_of(context).get(); value != nullptr; value = value->next_.get()) {
    if (std::string_view(value->key_, value->key_length_) != otel::trace::kSpanKey) continue;
    if (!otel::nostd::holds_alternative<span_pointer>(value->value_)) continue;
    const auto& span = otel::nostd::get<span_pointer>(value->value_);
    if (span == nullptr) continue;
    const auto found = span->GetContext();
    if (found.IsValid()) return as_exported(*span, found);
  }
  return {};
}

}  // namespace lineshaft::telemetry
