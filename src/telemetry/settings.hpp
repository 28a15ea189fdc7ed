#pragma once
// What the OTEL_* variables ask for, as plain data: no SDK, no process.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace lineshaft::telemetry {

enum class log_level : std::uint8_t { none, error, warn, info, debug };
enum class log_format : std::uint8_t { text, json };
enum class exporter : std::uint8_t { otlp, console };
enum class protocol : std::uint8_t { http_protobuf, http_json, grpc };
enum class sampler : std::uint8_t { always_on, always_off, traceidratio };
enum class temporality : std::uint8_t { cumulative, delta, lowmemory };
enum class histogram_aggregation : std::uint8_t { explicit_buckets, exponential };
enum class propagator : std::uint8_t { tracecontext, baggage, b3, b3multi, jaeger };

using text_pairs = std::vector<std::pair<std::string, std::string>>;

/// Where one signal goes over OTLP.
struct otlp_settings {
  std::string endpoint;  ///< of this signal alone, once parsed
  bool endpoint_is_base = true;
  protocol over = protocol::http_protobuf;
  text_pairs headers;  ///< secrets, as a rule: never to be printed; values as they are sent
  std::chrono::milliseconds timeout = std::chrono::seconds(10);  ///< 0: no limit
  bool gzip = false;
  bool insecure = false;  ///< for a gRPC endpoint without a scheme
  std::string certificate, client_key, client_certificate;

  friend bool operator==(const otlp_settings&, const otlp_settings&) = default;
};

struct signal_settings {
  std::vector<exporter> exporters;
  bool chosen = false;  ///< by a variable that names them
  otlp_settings otlp;

  bool wanted() const { return !exporters.empty(); }

  friend bool operator==(const signal_settings&, const signal_settings&) = default;
};

/// Of a batch processor.
struct batch_settings {
  std::chrono::milliseconds delay = std::chrono::seconds(5), export_timeout = std::chrono::seconds(30);
  std::size_t queue = 2048, batch = 512;

  friend bool operator==(const batch_settings&, const batch_settings&) = default;
};

inline constexpr std::size_t no_limit = SIZE_MAX;

struct limit_settings {
  std::size_t value_length = no_limit, attributes = 128;
  std::size_t events = 128, links = 128, event_attributes = 128, link_attributes = 128;

  friend bool operator==(const limit_settings&, const limit_settings&) = default;
};

struct settings {
  bool disabled = false;
  log_level level = log_level::info;
  std::string service_name;  ///< empty: not set
  text_pairs resource;       ///< decoded; service.name in it gives way to the above
  std::vector<propagator> propagators = {propagator::tracecontext, propagator::baggage};

  signal_settings traces, metrics, logs;
  sampler sampling = sampler::always_on;
  bool follow_parent = true;  ///< the sampler decides for roots alone
  double ratio = 1;
  batch_settings span_batches, log_batches = {.delay = std::chrono::seconds(1)};
  limit_settings span_limits, log_limits;

  std::chrono::milliseconds metric_interval = std::chrono::seconds(60), metric_timeout = std::chrono::seconds(30);
  temporality prefers = temporality::cumulative;
  histogram_aggregation histograms = histogram_aggregation::explicit_buckets;

  log_level log_lines = log_level::info;  ///< of the log of the process, as opposed to that about telemetry
  log_format format = log_format::text;
  std::chrono::milliseconds shutdown_timeout = std::chrono::seconds(2);  ///< of all signals together

  /// Whether an SDK is needed at all.
  bool wanted() const { return !disabled && (traces.wanted() || metrics.wanted() || logs.wanted()); }

  friend bool operator==(const settings&, const settings&) = default;
};

struct parsed_settings {
  settings values;
  std::vector<std::string> warnings;  ///< one a variable, which it names; never with its value
};

/// `environment` as in environ(7). What is empty is not set; what cannot be read has its default.
parsed_settings parse_settings(const char* const* environment);

/// Whether any variable is there that `parse_settings` could read; in most environments it need not be asked.
bool any_variable(const char* const* environment);
/// Whether it may say that something is wanted.
bool may_be_wanted(const char* const* environment);

}  // namespace lineshaft::telemetry
