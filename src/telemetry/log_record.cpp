#include "telemetry/log_record.hpp"

#include <opentelemetry/logs/logger.h>
#include <opentelemetry/logs/provider.h>

#include <utility>

#include "telemetry/attribute_values.hpp"
#include "telemetry/traceparent.hpp"

namespace lineshaft::telemetry {

namespace otel = opentelemetry;

namespace {

otel::nostd::string_view view(std::string_view text) { return {text.data(), text.size()}; }

otel::logs::Severity severity_of(log_level level) {
  switch (level) {
    case log_level::error: return otel::logs::Severity::kError;
    case log_level::warn: return otel::logs::Severity::kWarn;
    case log_level::debug: return otel::logs::Severity::kDebug;
    default: return otel::logs::Severity::kInfo;
  }
}

}  // namespace

void emit(const log_record& record, const trace_context& context) {
  const auto logger = otel::logs::Provider::GetLoggerProvider()->GetLogger(view(record.logger), view(record.logger));
  auto made = logger->CreateLogRecord();
  if (!made) return;
  made->SetTimestamp(otel::common::SystemTimestamp(record.time));
  made->SetSeverity(severity_of(record.level));
  made->SetBody(view(record.body));
  if (!record.event.empty()) made->SetAttribute("event.name", view(record.event));
  for (const auto& [key, value] : record.attributes) made->SetAttribute(key, to_opentelemetry(value));
  if (const auto span = parse_traceparent(context.traceparent)) {
    made->SetTraceId(otel::trace::TraceId(span->trace_id));
    made->SetSpanId(otel::trace::SpanId(span->span_id));
    made->SetTraceFlags(otel::trace::TraceFlags(span->flags));
  }
  logger->EmitLogRecord(std::move(made));
}

}  // namespace lineshaft::telemetry
