#include "telemetry/settings.hpp"

#include <gmock/gmock.h>

#include "telemetry/variables.hpp"

using namespace lineshaft::telemetry;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

namespace {

parsed_settings parse(std::vector<std::string> environment) {
  std::vector<const char*> pointers;
  for (const auto& one : environment) pointers.push_back(one.c_str());
  pointers.push_back(nullptr);
  return parse_settings(pointers.data());
}

settings read(std::vector<std::string> environment) {
  const auto parsed = parse(std::move(environment));
  EXPECT_THAT(parsed.warnings, IsEmpty());
  return parsed.values;
}

// One that the variable changes, and one that it cannot read.
struct example {
  std::string_view name, good, bad;
};

const example examples[] = {
    {"OTEL_SDK_DISABLED", "TRUE", "1"},
    {"OTEL_LOG_LEVEL", "Debug", "loud"},
    {"OTEL_SERVICE_NAME", "shop", ""},
    {"OTEL_RESOURCE_ATTRIBUTES", "a=1", "a"},
    {"OTEL_PROPAGATORS", "b3", "xray"},
    {"OTEL_TRACES_EXPORTER", "console", "zipkin"},
    {"OTEL_METRICS_EXPORTER", "console", "prometheus"},
    {"OTEL_LOGS_EXPORTER", "console", "file"},
    {"OTEL_TRACES_SAMPLER", "traceidratio", "xray"},
    {"OTEL_TRACES_SAMPLER_ARG", "0.25", "1.5"},
    {"OTEL_BSP_SCHEDULE_DELAY", "7", "-1"},
    {"OTEL_BSP_EXPORT_TIMEOUT", "7", "7s"},
    {"OTEL_BSP_MAX_QUEUE_SIZE", "777", "0"},
    {"OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "7", "x"},
    {"OTEL_BLRP_SCHEDULE_DELAY", "7", "1e3"},
    {"OTEL_BLRP_EXPORT_TIMEOUT", "7", "7.5"},
    {"OTEL_BLRP_MAX_QUEUE_SIZE", "777", "-7"},
    {"OTEL_BLRP_MAX_EXPORT_BATCH_SIZE", "7", "99999999999999999999"},
    {"OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "7", "x"},
    {"OTEL_ATTRIBUTE_COUNT_LIMIT", "7", "x"},
    {"OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", "7", "x"},
    {"OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "7", "x"},
    {"OTEL_SPAN_EVENT_COUNT_LIMIT", "7", "x"},
    {"OTEL_SPAN_LINK_COUNT_LIMIT", "7", "x"},
    {"OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", "7", "x"},
    {"OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", "7", "x"},
    {"OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT", "7", "x"},
    {"OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT", "7", "x"},
    {"OTEL_METRIC_EXPORT_INTERVAL", "70000", "0"},
    {"OTEL_METRIC_EXPORT_TIMEOUT", "7", "x"},
    {"OTEL_EXPORTER_OTLP_PROTOCOL", "grpc", "http"},
    {"OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "grpc", "x"},
    {"OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "http/json", "x"},
    {"OTEL_EXPORTER_OTLP_LOGS_PROTOCOL", "GRPC", "x"},
    {"OTEL_EXPORTER_OTLP_HEADERS", "api-key=secret", "secret"},
    {"OTEL_EXPORTER_OTLP_TRACES_HEADERS", "api-key=secret", "secret"},
    {"OTEL_EXPORTER_OTLP_METRICS_HEADERS", "api-key=secret", "secret"},
    {"OTEL_EXPORTER_OTLP_LOGS_HEADERS", "api-key=secret", "secret"},
    {"OTEL_EXPORTER_OTLP_TIMEOUT", "7", "7s"},
    {"OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "7", "x"},
    {"OTEL_EXPORTER_OTLP_METRICS_TIMEOUT", "7", "x"},
    {"OTEL_EXPORTER_OTLP_LOGS_TIMEOUT", "7", "x"},
    {"OTEL_EXPORTER_OTLP_COMPRESSION", "gzip", "brotli"},
    {"OTEL_EXPORTER_OTLP_TRACES_COMPRESSION", "gzip", "x"},
    {"OTEL_EXPORTER_OTLP_METRICS_COMPRESSION", "gzip", "x"},
    {"OTEL_EXPORTER_OTLP_LOGS_COMPRESSION", "gzip", "x"},
    {"OTEL_EXPORTER_OTLP_INSECURE", "true", "yes"},
    {"OTEL_EXPORTER_OTLP_TRACES_INSECURE", "true", "yes"},
    {"OTEL_EXPORTER_OTLP_METRICS_INSECURE", "true", "yes"},
    {"OTEL_EXPORTER_OTLP_LOGS_INSECURE", "true", "yes"},
    {"OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "delta", "x"},
    {"OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION", "base2_exponential_bucket_histogram", "x"},
    {"LINESHAFT_OTEL_SHUTDOWN_TIMEOUT", "7", "x"},
    {"LINESHAFT_LOG_LEVEL", "warn", "loud"},
    {"LINESHAFT_LOG_FORMAT", "JSON", "xml"},
};

}  // namespace

TEST(settings, have_the_defaults_of_the_specification_but_no_exporter) {
  const auto values = read({"HOME=/x", "OTEL_UNKNOWN=1"});
  EXPECT_FALSE(values.wanted());
  EXPECT_TRUE(values.follow_parent);
  EXPECT_EQ(values.sampling, sampler::always_on);
  EXPECT_EQ(values.span_batches.delay, 5s);
  EXPECT_EQ(values.log_batches.delay, 1s);
  EXPECT_EQ(values.metric_interval, 60s);
  EXPECT_EQ(values.traces.otlp.timeout, 10s);
}

TEST(settings, each_variable_warns_about_a_bad_value_by_name_alone_and_has_its_default) {
  for (const auto& [name, good, bad] : examples) {
    if (bad.empty()) continue;
    const auto parsed = parse({std::string(name) + "=" + std::string(bad)});
    EXPECT_THAT(parsed.warnings, ElementsAre(std::string(name) + " has a value that cannot be used"));
  }
}

TEST(settings, each_variable_takes_a_good_value_without_a_complaint_about_reading_it) {
  for (const auto& [name, good, bad] : examples) {
    for (const auto& warning : parse({std::string(name) + "=" + std::string(good)}).warnings)
      EXPECT_THAT(warning, Not(HasSubstr("cannot be used")));
  }
}

TEST(settings, every_variable_of_the_table_that_can_be_refused_is_in_the_examples_above) {
  for (const auto& one : variables()) {
    settings untouched;
    if (one.read("\x01", untouched)) continue;  // paths, URLs and what is not supported: any text will do
    EXPECT_TRUE(std::ranges::contains(examples, one.name, &example::name)) << one.name;
  }
}

TEST(settings, what_is_empty_or_blank_is_not_set) {
  const auto values = read({"OTEL_TRACES_EXPORTER=", "OTEL_TRACES_SAMPLER=  ", "OTEL_EXPORTER_OTLP_ENDPOINT="});
  EXPECT_FALSE(values.wanted());
  EXPECT_TRUE(values.follow_parent);
}

TEST(settings, of_a_name_that_is_there_twice_the_first_counts_as_for_getenv) {
  EXPECT_EQ(read({"OTEL_SERVICE_NAME=a", "OTEL_SERVICE_NAME=b"}).service_name, "a");
}

TEST(settings, an_endpoint_asks_for_otlp_of_the_signals_that_it_is_for) {
  const auto all = read({"OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4318/base/"});
  EXPECT_THAT(all.traces.exporters, ElementsAre(exporter::otlp));
  EXPECT_THAT(all.logs.exporters, ElementsAre(exporter::otlp));
  EXPECT_EQ(all.traces.otlp.endpoint, "http://c:4318/base/v1/traces");
  EXPECT_EQ(all.metrics.otlp.endpoint, "http://c:4318/base/v1/metrics");
  const auto one = read({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://c:4318"});
  EXPECT_TRUE(one.traces.wanted());
  EXPECT_FALSE(one.metrics.wanted());
  EXPECT_EQ(one.traces.otlp.endpoint, "http://c:4318");
}

TEST(settings, exporters_are_a_list_and_none_is_none_in_spite_of_an_endpoint) {
  const auto values = read({"OTEL_EXPORTER_OTLP_ENDPOINT=http://c", "OTEL_TRACES_EXPORTER=otlp, Console,otlp",
                            "OTEL_METRICS_EXPORTER=none"});
  EXPECT_THAT(values.traces.exporters, ElementsAre(exporter::otlp, exporter::console));
  EXPECT_FALSE(values.metrics.wanted());
  EXPECT_TRUE(values.logs.wanted());
}

TEST(settings, of_a_list_with_an_unknown_word_the_known_ones_count) {
  const auto parsed = parse({"OTEL_TRACES_EXPORTER=zipkin,console"});
  EXPECT_THAT(parsed.values.traces.exporters, ElementsAre(exporter::console));
  EXPECT_EQ(parsed.warnings.size(), 1U);
}

TEST(settings, disabled_wants_nothing) {
  EXPECT_FALSE(read({"OTEL_SDK_DISABLED=true", "OTEL_TRACES_EXPORTER=otlp"}).wanted());
}

TEST(settings, of_one_signal_win_over_those_of_all) {
  const auto values =
      read({"OTEL_EXPORTER_OTLP_TRACES_TIMEOUT=1", "OTEL_EXPORTER_OTLP_TIMEOUT=2", "OTEL_EXPORTER_OTLP_PROTOCOL=grpc",
            "OTEL_EXPORTER_OTLP_LOGS_PROTOCOL=http/json", "OTEL_EXPORTER_OTLP_ENDPOINT=http://c:1",
            "OTEL_EXPORTER_OTLP_HEADERS=a=1,b=2", "OTEL_EXPORTER_OTLP_TRACES_HEADERS= B = 3 "});
  EXPECT_EQ(values.traces.otlp.timeout, 1ms);
  EXPECT_EQ(values.metrics.otlp.timeout, 2ms);
  EXPECT_EQ(values.traces.otlp.endpoint, "http://c:1");
  EXPECT_EQ(values.logs.otlp.endpoint, "http://c:1/v1/logs");
  EXPECT_THAT(values.traces.otlp.headers, ElementsAre(Pair("a", "1"), Pair("B", "3")));
  EXPECT_THAT(values.metrics.otlp.headers, ElementsAre(Pair("a", "1"), Pair("b", "2")));
}

TEST(settings, resource_attributes_are_percent_decoded_and_discarded_whole_if_one_is_malformed) {
  EXPECT_THAT(read({"OTEL_RESOURCE_ATTRIBUTES= k =v%20w,u=a%2Cb%3D, plain=x y,"}).resource,
              ElementsAre(Pair("k", "v w"), Pair("u", "a,b="), Pair("plain", "x y")));
  EXPECT_THAT(parse({"OTEL_RESOURCE_ATTRIBUTES=a=1,b=%zz"}).values.resource, IsEmpty());
}

TEST(settings, samplers_are_combined_with_their_argument) {
  const auto values = read({"OTEL_TRACES_SAMPLER_ARG=0.5", "OTEL_TRACES_SAMPLER=traceidratio"});
  EXPECT_EQ(values.sampling, sampler::traceidratio);
  EXPECT_FALSE(values.follow_parent);
  EXPECT_EQ(values.ratio, 0.5);
}

TEST(settings, a_batch_is_no_larger_than_its_queue_and_a_metric_export_shorter_than_its_interval) {
  const auto values = read({"OTEL_BSP_MAX_QUEUE_SIZE=10", "OTEL_METRIC_EXPORT_INTERVAL=10000"});
  EXPECT_EQ(values.span_batches.batch, 10U);
  EXPECT_EQ(values.metric_timeout, 9999ms);
}

TEST(settings, limits_of_spans_win_over_the_general_ones) {
  const auto values = read({"OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT=3", "OTEL_ATTRIBUTE_COUNT_LIMIT=2"});
  EXPECT_EQ(values.span_limits.attributes, 3U);
  EXPECT_EQ(values.log_limits.attributes, 2U);
}

TEST(settings, what_the_sdk_lacks_is_said_once_where_it_matters) {
  EXPECT_THAT(parse({"OTEL_TRACES_EXPORTER=otlp", "OTEL_EXPORTER_OTLP_COMPRESSION=gzip"}).warnings,
              ElementsAre("OTEL_EXPORTER_OTLP_COMPRESSION is not supported: OTLP over HTTP is sent uncompressed"));
  EXPECT_THAT(parse({"OTEL_EXPORTER_OTLP_COMPRESSION=gzip"}).warnings, IsEmpty());
  EXPECT_THAT(
      parse({"OTEL_TRACES_EXPORTER=otlp", "OTEL_EXPORTER_OTLP_COMPRESSION=gzip", "OTEL_EXPORTER_OTLP_PROTOCOL=grpc"})
          .warnings,
      IsEmpty());
  EXPECT_EQ(parse({"OTEL_CONFIG_FILE=/x"}).warnings.size(), 1U);
}

TEST(settings, need_not_be_parsed_where_no_exporter_and_no_endpoint_is_named) {
  const char* off[] = {"OTEL_SERVICE_NAME=x_EXPORTER", "HOME=/", nullptr};
  const char* on[] = {"HOME=/", "OTEL_EXPORTER_OTLP_ENDPOINT=x", nullptr};
  const char* console[] = {"OTEL_TRACES_EXPORTER=console", nullptr};
  EXPECT_FALSE(may_be_wanted(off));
  EXPECT_TRUE(may_be_wanted(on));
  EXPECT_TRUE(may_be_wanted(console));
}
