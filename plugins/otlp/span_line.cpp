#include "span_line.hpp"

#include <chrono>
#include <format>
#include <map>
#include <string_view>
#include <type_traits>

#include "base/rfc3339.hpp"

namespace lineshaft::otlp {

namespace {

namespace otel = opentelemetry;
using otel::sdk::common::OwnedAttributeValue;

std::string_view view(otel::nostd::string_view text) { return {text.data(), text.size()}; }

template <class Id>
std::string hexadecimal(const Id& id) {
  char digits[2 * Id::kSize];
  id.ToLowerBase16(otel::nostd::span<char, 2 * Id::kSize>(digits));
  return {digits, sizeof digits};
}

struct to_text {
  template <class Value>
  std::string operator()(const Value& value) const {
    if constexpr (std::is_same_v<Value, bool>) {
      return value ? "true" : "false";
    } else if constexpr (std::is_arithmetic_v<Value>) {
      return std::format("{}", value);
    } else if constexpr (std::is_same_v<Value, std::string>) {
      return value.contains(' ') ? "'" + value + "'" : value;
    } else {
      return std::format("[{}]", value.size());
    }
  }
};

std::string_view word(otel::trace::SpanKind kind) {
  switch (kind) {
    case otel::trace::SpanKind::kServer: return "server";
    case otel::trace::SpanKind::kClient: return "client";
    case otel::trace::SpanKind::kProducer: return "producer";
    case otel::trace::SpanKind::kConsumer: return "consumer";
    default: return "internal";
  }
}

// The worker and its generation, where it is one.
std::string who(const otel::sdk::resource::Resource& resource) {
  const auto& attributes = resource.GetAttributes();
  const auto text = [&](const std::string& key) {
    const auto found = attributes.find(key);
    return found == attributes.end() ? std::string() : otel::nostd::visit(to_text(), found->second);
  };
  const auto worker = text("lineshaft.worker.name");
  return worker.empty() ? text("service.name") : worker + "/" + text("lineshaft.worker.generation");
}

}  // namespace

std::string line_of(const otel::sdk::trace::SpanData& span) {
  const std::chrono::sys_time<std::chrono::nanoseconds> began(span.GetStartTime().time_since_epoch());
  auto line = std::format("{} {}: {} {:.3f} ms {} trace={} span={}", rfc3339(began), who(span.GetResource()),
                          view(span.GetName()), std::chrono::duration<double, std::milli>(span.GetDuration()).count(),
                          word(span.GetSpanKind()), hexadecimal(span.GetTraceId()), hexadecimal(span.GetSpanId()));
  if (span.GetParentSpanId().IsValid()) line += " parent=" + hexadecimal(span.GetParentSpanId());
  for (const auto& link : span.GetLinks()) {
    const auto& to = link.GetSpanContext();
    line += " link=" + hexadecimal(to.trace_id()) + "/" + hexadecimal(to.span_id());
  }
  // In the order of their names: the SDK keeps none.
  const std::map<std::string, OwnedAttributeValue> attributes(span.GetAttributes().begin(), span.GetAttributes().end());
  for (const auto& [key, value] : attributes) line += " " + key + "=" + otel::nostd::visit(to_text(), value);
  for (const auto& event : span.GetEvents()) line += " !" + event.GetName();
  if (span.GetStatus() == otel::trace::StatusCode::kError)
    line += std::format(" error='{}'", view(span.GetDescription()));
  return line + "\n";
}

}  // namespace lineshaft::otlp
