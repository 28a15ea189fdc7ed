#include "lineshaft/span.hpp"

#include <cxxabi.h>
#include <opentelemetry/context/runtime_context.h>
#include <opentelemetry/trace/context.h>
#include <opentelemetry/trace/provider.h>

#include <cstdlib>
#include <typeinfo>
#include <utility>

#include "telemetry/context_fields.hpp"

namespace lineshaft {

namespace otel = opentelemetry;

namespace {

using otel::context::Context;
using otel::context::RuntimeContext;
using span_pointer = otel::nostd::shared_ptr<otel::trace::Span>;

otel::nostd::string_view view(std::string_view text) { return {text.data(), text.size()}; }

otel::trace::SpanKind kind_of(span_kind kind) {
  switch (kind) {
    case span_kind::internal: return otel::trace::SpanKind::kInternal;
    case span_kind::server: return otel::trace::SpanKind::kServer;
    case span_kind::client: return otel::trace::SpanKind::kClient;
    case span_kind::producer: return otel::trace::SpanKind::kProducer;
    case span_kind::consumer: return otel::trace::SpanKind::kConsumer;
  }
  return otel::trace::SpanKind::kInternal;
}

std::vector<otel::trace::SpanContext> linked(const std::vector<trace_context>& contexts) {
  std::vector<otel::trace::SpanContext> spans;
  for (const auto& one : contexts) {
    const auto span = otel::trace::GetSpan(telemetry::to_opentelemetry(one))->GetContext();
    if (span.IsValid()) spans.push_back(span);
  }
  return spans;
}

std::string type_name(const std::exception& exception) {
  int status = 0;
  const char* mangled = typeid(exception).name();
  const std::unique_ptr<char, decltype(&std::free)> name(abi::__cxa_demangle(mangled, nullptr, nullptr, &status),
                                                         &std::free);
  return status == 0 ? name.get() : mangled;
}

// A parent that is given and has no span means a trace of its own; the SDK would take the current span instead.
Context parent_of(const span_options& options) {
  if (!options.parent) return RuntimeContext::GetCurrent();
  auto parent = telemetry::to_opentelemetry(*options.parent);
  return otel::trace::GetSpan(parent)->GetContext().IsValid() ? parent
                                                              : parent.SetValue(otel::trace::kIsRootSpanKey, true);
}

span_pointer& of(const std::shared_ptr<void>& held) { return *static_cast<span_pointer*>(held.get()); }

}  // namespace

span::span(std::string_view name, const span_options& options) {
  const auto parent = parent_of(options);
  otel::trace::StartSpanOptions how;
  how.kind = kind_of(options.kind);
  how.parent = parent;
  std::vector<std::pair<otel::trace::SpanContext, std::map<std::string, std::string>>> links;
  for (const auto& one : linked(options.links)) links.emplace_back(one, std::map<std::string, std::string>());
  const auto tracer = otel::trace::Provider::GetTracerProvider()->GetTracer("lineshaft");
  span_ = std::make_shared<span_pointer>(tracer->StartSpan(view(name), options.attributes, links, how));
  context_ = std::make_shared<const Context>(otel::trace::SetSpan(const_cast<Context&>(parent), of(span_)));
}

span::span(span&&) noexcept = default;

span::~span() { end(); }

void span::set_attribute(std::string_view key, std::string_view value) {
  if (span_) of(span_)->SetAttribute(view(key), view(value));
}

void span::add_event(std::string_view name, const std::map<std::string, std::string>& attributes) {
  if (span_) of(span_)->AddEvent(view(name), attributes);
}

void span::fail(std::string_view type, std::string_view text) {
  if (!span_) return;
  of(span_)->SetAttribute("error.type", view(type));
  of(span_)->SetStatus(otel::trace::StatusCode::kError, view(text));
}

void span::fail(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& exception) {
    fail(type_name(exception), exception.what());
  } catch (...) {
    fail("unknown", "an exception of unknown type");
  }
}

void span::end() {
  if (const auto ending = std::exchange(span_, nullptr)) of(ending)->End();
}

trace_context span::context() const {
  return context_ ? telemetry::fields_of(*static_cast<const Context*>(context_.get())) : trace_context();
}

span_options process_span_options(trace_context sender, std::string_view queue, message_relation relation) {
  span_options options{.kind = span_kind::consumer,
                       .attributes = {{"messaging.system", "lineshaft"},
                                      {"messaging.operation.name", "process"},
                                      {"messaging.operation.type", "process"},
                                      {"messaging.destination.name", std::string(queue)}}};
  if (sender.traceparent.empty()) return options;
  options.links = {sender};
  if (relation == message_relation::parent) options.parent = std::move(sender);
  return options;
}

namespace detail {

opaque_scope::opaque_scope(const std::shared_ptr<const void>& context)
    : token_(RuntimeContext::Attach(*static_cast<const Context*>(context.get())).release()) {}

opaque_scope::~opaque_scope() { delete static_cast<otel::context::Token*>(token_); }

}  // namespace detail

}  // namespace lineshaft
