#include "telemetry/settings.hpp"

#include <algorithm>
#include <string_view>

#include "telemetry/text.hpp"
#include "telemetry/variables.hpp"

namespace lineshaft::telemetry {

namespace {

bool is_blank(std::string_view text) { return trim_blanks(text).empty(); }

bool is_ours(std::string_view variable) {
  return variable.starts_with("OTEL_") || variable.starts_with("LINESHAFT_OTEL_") ||
         variable.starts_with("LINESHAFT_LOG_");
}

// What is set, in the order of the table. One pass: an environment is long, and holds few of these.
std::vector<std::string_view> values_in(const char* const* environment) {
  const auto table = variables();
  std::vector<std::string_view> values(table.size());
  for (; environment != nullptr && *environment != nullptr; ++environment) {
    std::string_view value = *environment;
    if (!is_ours(value)) continue;
    const auto name = cut(value, '=');
    const auto known = std::ranges::find(table, name, &variable::name);
    // Of a name that is there twice the first counts, as for getenv(3).
    if (known == table.end() || is_blank(value)) continue;
    auto& place = values[static_cast<std::size_t>(known - table.begin())];
    if (place.empty()) place = trim_blanks(value);
  }
  return values;
}

// An endpoint says where to, and so that something is wanted (decision 0090).
void choose_exporters(signal_settings& signal) {
  if (!signal.chosen && !signal.otlp.endpoint.empty()) signal.exporters = {exporter::otlp};
}

void complete_endpoint(otlp_settings& otlp, std::string_view path) {
  const bool over_http = otlp.over != protocol::grpc;
  if (otlp.endpoint.empty()) otlp.endpoint = over_http ? "http://localhost:4318" : "http://localhost:4317";
  if (!over_http || !otlp.endpoint_is_base) return;
  while (otlp.endpoint.ends_with('/')) otlp.endpoint.pop_back();
  otlp.endpoint += path;
}

void complete(settings& read) {
  complete_endpoint(read.traces.otlp, "/v1/traces");
  complete_endpoint(read.metrics.otlp, "/v1/metrics");
  complete_endpoint(read.logs.otlp, "/v1/logs");
  for (auto* batches : {&read.span_batches, &read.log_batches})
    batches->batch = std::min(batches->batch, batches->queue);
  // opentelemetry-cpp 1.19 throws both away otherwise.
  read.metric_timeout = std::min(read.metric_timeout, read.metric_interval - std::chrono::milliseconds(1));
}

}  // namespace

parsed_settings parse_settings(const char* const* environment) {
  parsed_settings parsed;
  const auto table = variables();
  const auto values = values_in(environment);
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (values[i].empty() || table[i].read(values[i], parsed.values)) continue;
    parsed.warnings.push_back(std::string(table[i].name) + " has a value that cannot be used");
  }
  for (auto* signal : {&parsed.values.traces, &parsed.values.metrics, &parsed.values.logs}) choose_exporters(*signal);
  complete(parsed.values);
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (values[i].empty() || table[i].asks_too_much == nullptr || !table[i].asks_too_much(parsed.values)) continue;
    parsed.warnings.push_back(std::string(table[i].name) + " is not supported: " + std::string(table[i].lacks));
  }
  return parsed;
}

bool any_variable(const char* const* environment) {
  for (; environment != nullptr && *environment != nullptr; ++environment) {
    if (is_ours(*environment)) return true;
  }
  return false;
}

bool may_be_wanted(const char* const* environment) {
  for (; environment != nullptr && *environment != nullptr; ++environment) {
    std::string_view variable = *environment;
    if (variable.starts_with("OTEL_") && cut(variable, '=').contains("_EXPORTER")) return true;
  }
  return false;
}

}  // namespace lineshaft::telemetry
