#include <opentelemetry/exporters/otlp/otlp_http_exporter_factory.h>
#include <opentelemetry/exporters/otlp/otlp_http_log_record_exporter_factory.h>
#include <opentelemetry/exporters/otlp/otlp_http_metric_exporter_factory.h>

#include "close_on_exec.hpp"
#include "exporters.hpp"
#include "temporality.hpp"

namespace lineshaft::otlp {

namespace otel = opentelemetry::exporter::otlp;
using telemetry::protocol;

namespace {

template <class Options>
Options options_for(const telemetry::otlp_settings& otlp, std::chrono::milliseconds timeout) {
  close_sockets_of_curl_on_exec();
  Options options;
  options.url = otlp.endpoint;
  options.content_type =
      otlp.over == protocol::http_json ? otel::HttpRequestContentType::kJson : otel::HttpRequestContentType::kBinary;
  options.timeout = timeout;
  options.http_headers.clear();
  for (const auto& [key, value] : otlp.headers) options.http_headers.emplace(key, value);
  // A connection that is kept open would be held open by the child of a fork() as well.
  options.http_headers.emplace("Connection", "close");
  options.ssl_ca_cert_path = otlp.certificate;
  options.ssl_client_key_path = otlp.client_key;
  options.ssl_client_cert_path = otlp.client_certificate;
  options.compression = "none";
  return options;
}

}  // namespace

bool speaks(protocol over) { return over != protocol::grpc; }

std::unique_ptr<span_exporter> make_span_exporter(const telemetry::settings& wanted) {
  return otel::OtlpHttpExporterFactory::Create(options_for<otel::OtlpHttpExporterOptions>(
      wanted.traces.otlp, shorter(wanted.traces.otlp.timeout, wanted.span_batches.export_timeout)));
}

std::unique_ptr<metric_exporter> make_metric_exporter(const telemetry::settings& wanted) {
  auto options = options_for<otel::OtlpHttpMetricExporterOptions>(
      wanted.metrics.otlp, shorter(wanted.metrics.otlp.timeout, wanted.metric_timeout));
  options.aggregation_temporality = preferred(wanted.prefers);
  return otel::OtlpHttpMetricExporterFactory::Create(options);
}

std::unique_ptr<log_exporter> make_log_exporter(const telemetry::settings& wanted) {
  return otel::OtlpHttpLogRecordExporterFactory::Create(options_for<otel::OtlpHttpLogRecordExporterOptions>(
      wanted.logs.otlp, shorter(wanted.logs.otlp.timeout, wanted.log_batches.export_timeout)));
}

}  // namespace lineshaft::otlp
