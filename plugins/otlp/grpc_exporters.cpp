#include <opentelemetry/exporters/otlp/otlp_grpc_exporter_factory.h>
#include <opentelemetry/exporters/otlp/otlp_grpc_log_record_exporter_factory.h>
#include <opentelemetry/exporters/otlp/otlp_grpc_metric_exporter_factory.h>

#include <algorithm>
#include <cctype>
#include <string>

#include "exporters.hpp"
#include "temporality.hpp"

namespace lineshaft::otlp {

namespace otel = opentelemetry::exporter::otlp;
using telemetry::protocol;

namespace {

std::string in_lower_case(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

template <class Options>
Options options_for(const telemetry::otlp_settings& otlp, std::chrono::milliseconds timeout) {
  Options options;
  const bool plain = otlp.endpoint.starts_with("http://"), secure = otlp.endpoint.starts_with("https://");
  options.endpoint = otlp.endpoint;
  options.use_ssl_credentials = secure || (!plain && !otlp.insecure);
  options.ssl_credentials_cacert_path = otlp.certificate;
  options.timeout = timeout;
  options.metadata.clear();
  // gRPC aborts the process for a key in capitals.
  for (const auto& [key, value] : otlp.headers) options.metadata.emplace(in_lower_case(key), value);
  options.compression = otlp.gzip ? "gzip" : "none";
  return options;
}

}  // namespace

bool speaks(protocol over) { return over == protocol::grpc; }

std::unique_ptr<span_exporter> make_span_exporter(const telemetry::settings& wanted) {
  return otel::OtlpGrpcExporterFactory::Create(options_for<otel::OtlpGrpcExporterOptions>(
      wanted.traces.otlp, shorter(wanted.traces.otlp.timeout, wanted.span_batches.export_timeout)));
}

std::unique_ptr<metric_exporter> make_metric_exporter(const telemetry::settings& wanted) {
  auto options = options_for<otel::OtlpGrpcMetricExporterOptions>(
      wanted.metrics.otlp, shorter(wanted.metrics.otlp.timeout, wanted.metric_timeout));
  options.aggregation_temporality = preferred(wanted.prefers);
  return otel::OtlpGrpcMetricExporterFactory::Create(options);
}

std::unique_ptr<log_exporter> make_log_exporter(const telemetry::settings& wanted) {
  return otel::OtlpGrpcLogRecordExporterFactory::Create(options_for<otel::OtlpGrpcLogRecordExporterOptions>(
      wanted.logs.otlp, shorter(wanted.logs.otlp.timeout, wanted.log_batches.export_timeout)));
}

}  // namespace lineshaft::otlp
