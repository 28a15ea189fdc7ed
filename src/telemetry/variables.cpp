#include "telemetry/variables.hpp"

#include <algorithm>
#include <concepts>
#include <limits>

#include "telemetry/variable_values.hpp"

namespace lineshaft::telemetry {

namespace {

using otlp_of = otlp_settings& (*)(settings&);

template <class Value, class Target>
bool take(const std::optional<Value>& value, Target& target) {
  if (value) target = *value;
  return value.has_value();
}

template <class Value>
struct word {
  std::string_view text;
  Value value;
};

template <class Value, std::size_t N>
bool take_word(std::string_view text, const word<Value> (&words)[N], Value& target) {
  const auto found = std::ranges::find_if(words, [text](const auto& one) { return same_word(one.text, text); });
  if (found == std::end(words)) return false;
  target = found->value;
  return true;
}

// How much of a list could be read.
struct known_words {
  bool any = false, all = true;
};

// A list of words, each once; "none" is nothing. Of a list with an unknown word what is known counts; where nothing of
// it is known, the default does.
template <class Value, std::size_t N>
known_words take_words(std::string_view text, const word<Value> (&words)[N], std::vector<Value>& target) {
  std::vector<Value> taken;
  known_words read;
  for (const auto item : parse_list(text)) {
    Value value{};
    const bool nothing = same_word(item, "none"), known = nothing || take_word(item, words, value);
    read.all &= known;
    read.any |= known;
    if (known && !nothing && !std::ranges::contains(taken, value)) taken.push_back(value);
  }
  if (read.any) target = std::move(taken);
  return read;
}

constexpr word<log_level> levels[] = {
    {"none", log_level::none}, {"error", log_level::error}, {"warn", log_level::warn},   {"warning", log_level::warn},
    {"info", log_level::info}, {"debug", log_level::debug}, {"trace", log_level::debug}, {"fatal", log_level::error}};
constexpr word<log_format> format_words[] = {{"text", log_format::text}, {"json", log_format::json}};
constexpr word<propagator> propagator_words[] = {{"tracecontext", propagator::tracecontext},
                                                 {"baggage", propagator::baggage},
                                                 {"b3", propagator::b3},
                                                 {"b3multi", propagator::b3multi},
                                                 {"jaeger", propagator::jaeger}};
constexpr word<exporter> exporter_words[] = {{"otlp", exporter::otlp}, {"console", exporter::console}};
constexpr word<protocol> protocol_words[] = {
    {"http/protobuf", protocol::http_protobuf}, {"http/json", protocol::http_json}, {"grpc", protocol::grpc}};
constexpr word<temporality> temporality_words[] = {
    {"cumulative", temporality::cumulative}, {"delta", temporality::delta}, {"lowmemory", temporality::lowmemory}};
constexpr word<histogram_aggregation> histogram_words[] = {
    {"explicit_bucket_histogram", histogram_aggregation::explicit_buckets},
    {"base2_exponential_bucket_histogram", histogram_aggregation::exponential}};
constexpr word<bool> compression_words[] = {{"none", false}, {"gzip", true}};

struct sampler_choice {
  sampler which;
  bool follow_parent;
  friend bool operator==(const sampler_choice&, const sampler_choice&) = default;
};
constexpr word<sampler_choice> sampler_words[] = {{"always_on", {sampler::always_on, false}},
                                                  {"always_off", {sampler::always_off, false}},
                                                  {"traceidratio", {sampler::traceidratio, false}},
                                                  {"parentbased_always_on", {sampler::always_on, true}},
                                                  {"parentbased_always_off", {sampler::always_off, true}},
                                                  {"parentbased_traceidratio", {sampler::traceidratio, true}}};

bool read_sampler(std::string_view text, settings& into) {
  sampler_choice choice{};
  if (!take_word(text, sampler_words, choice)) return false;
  into.sampling = choice.which;
  into.follow_parent = choice.follow_parent;
  return true;
}

// Signal by signal ----------------------------------------------------------------------------------------

template <signal_settings settings::* Signal>
bool read_exporters(std::string_view text, settings& into) {
  auto& signal = into.*Signal;
  const auto read = take_words(text, exporter_words, signal.exporters);
  signal.chosen = read.any;
  return read.all;
}

// All three, or one of them: what is to be done to each.
template <class Change>
bool to_all(settings& into, Change change) {
  bool fine = true;
  for (auto* one : {&into.traces, &into.metrics, &into.logs}) fine = change(one->otlp) && fine;
  return fine;
}

bool to_endpoint(std::string_view text, otlp_settings& otlp) {
  if (!is_endpoint(text)) return false;
  otlp.endpoint = text;
  otlp.endpoint_is_base = false;
  return true;
}
bool to_protocol(std::string_view text, otlp_settings& otlp) { return take_word(text, protocol_words, otlp.over); }
bool to_headers(std::string_view text, otlp_settings& otlp) {
  const auto pairs = parse_headers(text);
  if (!pairs) return false;
  for (const auto& pair : *pairs) {
    std::erase_if(otlp.headers, [&](const auto& known) { return same_word(known.first, pair.first); });
    otlp.headers.push_back(pair);
  }
  return true;
}
bool to_timeout(std::string_view text, otlp_settings& otlp) { return take(parse_milliseconds(text), otlp.timeout); }
bool to_compression(std::string_view text, otlp_settings& otlp) {
  return take_word(text, compression_words, otlp.gzip);
}
bool to_insecure(std::string_view text, otlp_settings& otlp) { return take(parse_boolean(text), otlp.insecure); }
template <std::string otlp_settings::* Path>
bool to_path(std::string_view text, otlp_settings& otlp) {
  otlp.*Path = text;
  return true;
}
bool left_to_the_sdk(std::string_view, otlp_settings&) { return true; }

using otlp_reader = bool (*)(std::string_view, otlp_settings&);

template <otlp_reader Read>
bool for_all(std::string_view text, settings& into) {
  return to_all(into, [text](otlp_settings& one) { return Read(text, one); });
}
template <otlp_reader Read, signal_settings settings::* Signal>
bool for_one(std::string_view text, settings& into) {
  return Read(text, (into.*Signal).otlp);
}

// A base: a signal over HTTP has a path of its own below it.
bool read_base_endpoint(std::string_view text, settings& into) {
  if (!is_endpoint(text)) return false;
  into.traces.otlp.endpoint = into.metrics.otlp.endpoint = into.logs.otlp.endpoint = text;
  return true;
}

// Limits, durations, counts -------------------------------------------------------------------------------

template <auto Part, auto Member>
bool read_count(std::string_view text, settings& into) {
  return take(parse_count(text), into.*Part.*Member);
}
template <auto Part, auto Member>
bool read_positive(std::string_view text, settings& into) {
  const auto number = parse_count(text);
  return number && *number > 0 && take(number, into.*Part.*Member);
}
template <auto Part, auto Member>
bool read_duration(std::string_view text, settings& into) {
  return take(parse_milliseconds(text), into.*Part.*Member);
}
template <auto Member>
bool read_span(std::string_view text, settings& into) {
  return take(parse_milliseconds(text), into.*Member);
}
template <std::size_t limit_settings::* Member>
bool read_general_limit(std::string_view text, settings& into) {
  return read_count<&settings::span_limits, Member>(text, into) &&
         read_count<&settings::log_limits, Member>(text, into);
}
template <std::size_t limit_settings::* Member>
bool read_span_limit(std::string_view text, settings& into) {
  return read_count<&settings::span_limits, Member>(text, into);
}
template <std::size_t limit_settings::* Member>
bool read_log_limit(std::string_view text, settings& into) {
  return read_count<&settings::log_limits, Member>(text, into);
}

bool read_nothing(std::string_view, settings&) { return true; }
bool always(const settings&) { return true; }

// Of one signal or several, where any of them goes over OTLP.
template <bool (*Test)(const otlp_settings&), signal_settings settings::*... Signals>
bool any_otlp(const settings& read) {
  return ((std::ranges::contains((read.*Signals).exporters, exporter::otlp) && Test((read.*Signals).otlp)) || ...);
}
bool never(const otlp_settings&) { return false; }
bool wherever(const otlp_settings&) { return true; }
bool over_grpc(const otlp_settings& otlp) { return otlp.over == protocol::grpc; }
bool gzip_over_http(const otlp_settings& otlp) { return otlp.gzip && !over_grpc(otlp); }

using s = settings;
using batch = batch_settings;
using limit = limit_settings;

constexpr std::string_view no_gzip = "OTLP over HTTP is sent uncompressed";
constexpr std::string_view no_client_key = "OTLP over gRPC has no client certificate";

// A variable of all signals, and then the same for one of them.
#define LINESHAFT_SIGNALS(HEAD, TAIL, TYPE, FALLBACK, MEANING, SUPPORT, LACKS, READ, TOO_MUCH)                           \
  {HEAD TAIL, TYPE,  FALLBACK,      MEANING,                                                                             \
   SUPPORT,   LACKS, for_all<READ>, any_otlp<TOO_MUCH, &s::traces, &s::metrics, &s::logs>},                              \
      {HEAD "TRACES_" TAIL, TYPE, "", "", SUPPORT, LACKS, for_one<READ, &s::traces>, any_otlp<TOO_MUCH, &s::traces>},    \
      {HEAD "METRICS_" TAIL, TYPE, "", "", SUPPORT, LACKS, for_one<READ, &s::metrics>, any_otlp<TOO_MUCH, &s::metrics>}, \
  {                                                                                                                      \
    HEAD "LOGS_" TAIL, TYPE, "", "", SUPPORT, LACKS, for_one<READ, &s::logs>, any_otlp<TOO_MUCH, &s::logs>               \
  }

#define LINESHAFT_OTLP(...) LINESHAFT_SIGNALS("OTEL_EXPORTER_OTLP_", __VA_ARGS__)
// Extensions of opentelemetry-cpp.
#define LINESHAFT_OTLP_PEM(TAIL, MEANING, SUPPORT, LACKS, TOO_MUCH) \
  LINESHAFT_OTLP(TAIL, "PEM", "", MEANING, SUPPORT, LACKS, left_to_the_sdk, TOO_MUCH)
#define LINESHAFT_OTLP_TLS(TAIL, TYPE, FALLBACK, MEANING) \
  LINESHAFT_SIGNALS("OTEL_CPP_EXPORTER_OTLP_", TAIL, TYPE, FALLBACK, MEANING, full, "", left_to_the_sdk, never)
#define LINESHAFT_OTLP_RETRY(TAIL, TYPE)                                                                    \
  LINESHAFT_SIGNALS("OTEL_CPP_EXPORTER_OTLP_", "RETRY_" TAIL, TYPE, "", "nothing", support::none, no_retry, \
                    left_to_the_sdk, wherever)

#define LINESHAFT_NOT(NAME, TYPE, LACKS) {NAME, TYPE, "", "nothing", support::none, LACKS, read_nothing, always}

constexpr std::string_view no_retry = "what a collector refuses is not sent again";
constexpr std::string_view no_prometheus = "the manager serves `/metrics` itself";
constexpr std::string_view no_zipkin = "there is no exporter for it";

constexpr auto full = support::full;

constexpr variable table[] = {
    {"OTEL_SDK_DISABLED", "boolean", "false", "no spans, metrics and log records; contexts are still carried", full, "",
     [](std::string_view text, s& into) { return take(parse_boolean(text), into.disabled); }},
    {"OTEL_LOG_LEVEL", "none, error, warn, info, debug", "info", "what is logged about telemetry itself", full, "",
     [](std::string_view text, s& into) { return take_word(text, levels, into.level); }},
    {"OTEL_SERVICE_NAME", "text", "the pipeline's name", "`service.name`", full, "",
     [](std::string_view text, s& into) {
       into.service_name = text;
       return true;
     }},
    {"OTEL_RESOURCE_ATTRIBUTES", "key=value,…", "", "attributes of the resource, percent-encoded", full, "",
     [](std::string_view text, s& into) { return take(parse_pairs(text), into.resource); }},
    {"OTEL_PROPAGATORS", "list of tracecontext, baggage, b3, b3multi, jaeger; or none", "tracecontext,baggage",
     "the global propagator, for a worker's own use; Lineshaft's own crossings are always W3C", support::part,
     "xray and ottrace",
     [](std::string_view text, s& into) { return take_words(text, propagator_words, into.propagators).all; }},

    {"OTEL_TRACES_EXPORTER", "list of otlp, console; or none", "none, or otlp if an endpoint is set", "where spans go",
     support::part, "zipkin", read_exporters<&s::traces>},
    {"OTEL_METRICS_EXPORTER", "list of otlp, console; or none", "none, or otlp if an endpoint is set",
     "where metrics go", support::part, "prometheus: the manager serves `/metrics` itself",
     read_exporters<&s::metrics>},
    {"OTEL_LOGS_EXPORTER", "list of otlp, console; or none", "none, or otlp if an endpoint is set",
     "where log records go", full, "", read_exporters<&s::logs>},

    {"OTEL_TRACES_SAMPLER",
     "always_on, always_off, traceidratio, parentbased_always_on, parentbased_always_off, parentbased_traceidratio",
     "parentbased_always_on", "which spans are recorded", support::part, "jaeger_remote and xray", read_sampler},
    {"OTEL_TRACES_SAMPLER_ARG", "number from 0 to 1", "1", "the ratio of traceidratio", full, "",
     [](std::string_view text, s& into) { return take(parse_ratio(text), into.ratio); }},

    {"OTEL_BSP_SCHEDULE_DELAY", "ms", "5000", "how long a span waits for others", full, "",
     read_duration<&s::span_batches, &batch::delay>},
    {"OTEL_BSP_EXPORT_TIMEOUT", "ms", "30000", "how long one export of spans may take", full, "",
     read_duration<&s::span_batches, &batch::export_timeout>},
    {"OTEL_BSP_MAX_QUEUE_SIZE", "count", "2048", "how many spans may wait", full, "",
     read_positive<&s::span_batches, &batch::queue>},
    {"OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "count", "512", "how many spans one export has at most", full, "",
     read_positive<&s::span_batches, &batch::batch>},
    {"OTEL_BLRP_SCHEDULE_DELAY", "ms", "1000", "how long a log record waits for others", full, "",
     read_duration<&s::log_batches, &batch::delay>},
    {"OTEL_BLRP_EXPORT_TIMEOUT", "ms", "30000", "how long one export of log records may take", full, "",
     read_duration<&s::log_batches, &batch::export_timeout>},
    {"OTEL_BLRP_MAX_QUEUE_SIZE", "count", "2048", "how many log records may wait", full, "",
     read_positive<&s::log_batches, &batch::queue>},
    {"OTEL_BLRP_MAX_EXPORT_BATCH_SIZE", "count", "512", "how many log records one export has at most", full, "",
     read_positive<&s::log_batches, &batch::batch>},

    {"OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "count", "no limit", "characters of an attribute's text", full, "",
     read_general_limit<&limit::value_length>},
    {"OTEL_ATTRIBUTE_COUNT_LIMIT", "count", "128", "attributes of a span or log record", full, "",
     read_general_limit<&limit::attributes>},
    {"OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", "count", "no limit", "the same for spans", full, "",
     read_span_limit<&limit::value_length>},
    {"OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "count", "128", "the same for spans", full, "",
     read_span_limit<&limit::attributes>},
    {"OTEL_SPAN_EVENT_COUNT_LIMIT", "count", "128", "events of a span", full, "", read_span_limit<&limit::events>},
    {"OTEL_SPAN_LINK_COUNT_LIMIT", "count", "128", "links of a span", full, "", read_span_limit<&limit::links>},
    {"OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", "count", "128", "attributes of an event", full, "",
     read_span_limit<&limit::event_attributes>},
    {"OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", "count", "128", "attributes of a link", full, "",
     read_span_limit<&limit::link_attributes>},
    {"OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT", "count", "no limit", "characters of a log record's attribute", full,
     "", read_log_limit<&limit::value_length>},
    {"OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT", "count", "128", "attributes of a log record", full, "",
     read_log_limit<&limit::attributes>},

    {"OTEL_METRIC_EXPORT_INTERVAL", "ms", "60000", "between two exports of metrics", full, "",
     [](std::string_view text, s& into) {
       const auto interval = parse_milliseconds(text);
       return interval && interval->count() > 0 && take(interval, into.metric_interval);
     }},
    {"OTEL_METRIC_EXPORT_TIMEOUT", "ms", "30000", "how long one export of metrics may take", full, "",
     read_span<&s::metric_timeout>},
    {"OTEL_METRICS_EXEMPLAR_FILTER", "trace_based, always_on, always_off", "trace_based", "which exemplars are kept",
     support::none, "metrics have no exemplars", read_nothing, always},

    {"OTEL_EXPORTER_OTLP_ENDPOINT", "URL", "http://localhost:4318, for gRPC http://localhost:4317",
     "where OTLP goes; over HTTP `/v1/traces`, `/v1/metrics`, `/v1/logs` below it", full, "", read_base_endpoint},
    {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "URL", "", "as it stands", full, "", for_one<to_endpoint, &s::traces>},
    {"OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "URL", "", "as it stands", full, "", for_one<to_endpoint, &s::metrics>},
    {"OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "URL", "", "as it stands", full, "", for_one<to_endpoint, &s::logs>},
    LINESHAFT_OTLP("PROTOCOL", "http/protobuf, http/json, grpc", "http/protobuf", "how it is sent", full, "",
                   to_protocol, never),
    LINESHAFT_OTLP("HEADERS", "key=value,…", "",
                   "HTTP headers or gRPC metadata, whose names consist of letters, digits, `-`, `_`, `.`; never logged",
                   full, "", to_headers, never),
    LINESHAFT_OTLP("TIMEOUT", "ms", "10000", "how long one request may take; 0: no limit", full, "", to_timeout, never),
    LINESHAFT_OTLP("COMPRESSION", "none, gzip", "none", "of what is sent", support::part, no_gzip, to_compression,
                   gzip_over_http),
    LINESHAFT_OTLP("INSECURE", "boolean", "false", "gRPC without TLS, for an endpoint without a scheme", full, "",
                   to_insecure, never),
    LINESHAFT_OTLP("CERTIFICATE", "path", "the system's", "certificates to trust, PEM", full, "",
                   to_path<&otlp_settings::certificate>, never),
    LINESHAFT_OTLP("CLIENT_KEY", "path", "", "the client's private key, PEM", support::part, no_client_key,
                   to_path<&otlp_settings::client_key>, over_grpc),
    LINESHAFT_OTLP("CLIENT_CERTIFICATE", "path", "", "the client's certificate, PEM", support::part, no_client_key,
                   to_path<&otlp_settings::client_certificate>, over_grpc),
    LINESHAFT_OTLP_PEM("CERTIFICATE_STRING",
                       "certificates to trust, where no path to some is set; read by the SDK itself", full, "", never),
    LINESHAFT_OTLP_PEM("CLIENT_KEY_STRING",
                       "the client's private key, where no path to one is set; read by the SDK itself", support::part,
                       no_client_key, over_grpc),
    LINESHAFT_OTLP_PEM("CLIENT_CERTIFICATE_STRING",
                       "the client's certificate, where no path to one is set; read by the SDK itself", support::part,
                       no_client_key, over_grpc),
    {"OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "cumulative, delta, lowmemory", "cumulative",
     "whether sums count from the beginning or from the last export", full, "",
     [](std::string_view text, s& into) { return take_word(text, temporality_words, into.prefers); }},
    {"OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION",
     "explicit_bucket_histogram, base2_exponential_bucket_histogram", "explicit_bucket_histogram", "of histograms",
     support::part, "histograms have explicit buckets",
     [](std::string_view text, s& into) { return take_word(text, histogram_words, into.histograms); },
     [](const s& read) { return read.histograms == histogram_aggregation::exponential; }},

    LINESHAFT_OTLP_TLS("MIN_TLS", "1.2, 1.3", "1.2", "the oldest TLS over HTTP that will do; read by the SDK itself"),
    LINESHAFT_OTLP_TLS("MAX_TLS", "1.2, 1.3", "", "the newest"),
    LINESHAFT_OTLP_TLS("CIPHER", "text", "", "ciphers of TLS 1.2 over HTTP, as OpenSSL names them"),
    LINESHAFT_OTLP_TLS("CIPHER_SUITE", "text", "", "those of TLS 1.3"),
    LINESHAFT_OTLP_RETRY("MAX_ATTEMPTS", "count"),
    LINESHAFT_OTLP_RETRY("INITIAL_BACKOFF", "duration"),
    LINESHAFT_OTLP_RETRY("MAX_BACKOFF", "duration"),
    LINESHAFT_OTLP_RETRY("BACKOFF_MULTIPLIER", "number"),
    LINESHAFT_NOT("OTEL_EXPORTER_PROMETHEUS_HOST", "text", no_prometheus),
    LINESHAFT_NOT("OTEL_EXPORTER_PROMETHEUS_PORT", "count", no_prometheus),
    LINESHAFT_NOT("OTEL_EXPORTER_ZIPKIN_ENDPOINT", "URL", no_zipkin),
    LINESHAFT_NOT("OTEL_EXPORTER_ZIPKIN_TIMEOUT", "ms", no_zipkin),
    LINESHAFT_NOT("OTEL_ENTITIES", "text", "entities are not recorded"),
    {"OTEL_CONFIG_FILE", "path", "", "a configuration file", support::none, "configuration files are not read",
     read_nothing, always},
    {"OTEL_EXPERIMENTAL_CONFIG_FILE", "path", "", "its former name", support::none, "configuration files are not read",
     read_nothing, always},
    {"LINESHAFT_OTEL_SHUTDOWN_TIMEOUT", "ms", "2000",
     "how long the last export of all signals may take, and never longer than the stop deadline", full, "",
     read_span<&s::shutdown_timeout>},
    {"LINESHAFT_LOG_LEVEL", "none, error, warn, info, debug", "info", "which lines of the log of a process are written",
     full, "", [](std::string_view text, s& into) { return take_word(text, levels, into.log_lines); }},
    {"LINESHAFT_LOG_FORMAT", "text, json", "text", "how they are written to standard error", full, "",
     [](std::string_view text, s& into) { return take_word(text, format_words, into.format); }},
};

#undef LINESHAFT_SIGNALS
#undef LINESHAFT_OTLP
#undef LINESHAFT_OTLP_PEM
#undef LINESHAFT_OTLP_TLS
#undef LINESHAFT_OTLP_RETRY
#undef LINESHAFT_NOT

}  // namespace

std::span<const variable> variables() { return table; }

}  // namespace lineshaft::telemetry
