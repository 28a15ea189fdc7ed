#include "lineshaft/span.hpp"

#include <cxxabi.h>
#include <opentelemetry/context/runtime_context.h>
#include <opentelemetry/trace/context.h>
#include <opentelemetry/trace/provider.h>

#include <chrono>
#include <cstdlib>
#include <typeinfo>
#include <utility>

#include "telemetry/attribute_values.hpp"
#include "telemetry/context_fields.hpp"
#include "telemetry/exporting.hpp"
#include "telemetry/instruments.hpp"

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

using clock = std::chrono::steady_clock;

// What a span refers to until it ends.
struct open_span {
  span_pointer span;
  telemetry::label_map measured;  // what its time is measured by; empty: it is not
  clock::time_point began;
};

open_span& held_by(const std::shared_ptr<void>& held) { return *static_cast<open_span*>(held.get()); }
span_pointer& of(const std::shared_ptr<void>& held) { return held_by(held).span; }

std::vector<std::pair<otel::nostd::string_view, otel::common::AttributeValue>> to_opentelemetry(
    const attribute_map& attributes) {
  std::vector<std::pair<otel::nostd::string_view, otel::common::AttributeValue>> all;
  for (const auto& [key, value] : attributes) all.emplace_back(view(key), telemetry::to_opentelemetry(value));
  return all;
}

// The convention is for the handling of messages alone; other spans have no metric.
telemetry::label_map measured_by(const span_options& options) {
  telemetry::label_map labels;
  const auto type = options.attributes.find("messaging.operation.type");
  const bool handles = type != options.attributes.end() && type->second == attribute_value("process");
  if (options.kind != span_kind::consumer || !handles || !telemetry::exporting()) return labels;
  for (const auto* key : {"messaging.system", "messaging.operation.name", "messaging.destination.name"}) {
    const auto found = options.attributes.find(key);
    if (found == options.attributes.end()) continue;
    if (const auto* text = std::get_if<std::string>(&found->second)) labels.emplace(key, *text);
  }
  return labels;
}

const telemetry::instrument process_duration{"messaging.process.duration", "s", "how long a message was handled"};

}  // namespace

span::span(std::string_view name, const span_options& options) {
  const auto parent = parent_of(options);
  otel::trace::StartSpanOptions how;
  how.kind = kind_of(options.kind);
  how.parent = parent;
  std::vector<std::pair<otel::trace::SpanContext, std::map<std::string, std::string>>> links;
  for (const auto& one : linked(options.links)) links.emplace_back(one, std::map<std::string, std::string>());
  const auto tracer = otel::trace::Provider::GetTracerProvider()->GetTracer("lineshaft");
  span_ = std::make_shared<open_span>(tracer->StartSpan(view(name), to_opentelemetry(options.attributes), links, how),
                                      measured_by(options), clock::now());
  context_ = std::make_shared<const Context>(otel::trace::SetSpan(const_cast<Context&>(parent), of(span_)));
}

span::span(span&&) noexcept = default;

span::~span() { end(); }

void span::set_attribute(std::string_view key, const attribute_value& value) {
  if (span_) of(span_)->SetAttribute(view(key), telemetry::to_opentelemetry(value));
}

void span::add_event(std::string_view name, const attribute_map& attributes) {
  if (span_) of(span_)->AddEvent(view(name), to_opentelemetry(attributes));
}

void span::fail(std::string_view type, std::string_view text) {
  if (!span_) return;
  of(span_)->SetAttribute("error.type", view(type));
  of(span_)->SetStatus(otel::trace::StatusCode::kError, view(text));
  auto& measured = held_by(span_).measured;
  if (!measured.empty()) measured["error.type"] = type;
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
  const auto ending = std::exchange(span_, nullptr);
  if (!ending) return;
  of(ending)->End();
  const auto& ended = held_by(ending);
  if (!ended.measured.empty())
    telemetry::measure(process_duration, std::chrono::duration<double>(clock::now() - ended.began).count(),
                       ended.measured);
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
