#include "telemetry/settings.hpp"

#include <gmock/gmock.h>

#include "telemetry/variables.hpp"

using namespace lineshaft::telemetry;
using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

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

bool only_console(const signal_settings& signal) { return signal.exporters == std::vector{exporter::console}; }

template <class Test>
bool all(const settings& read, Test test) {
  return test(read.traces.otlp) && test(read.metrics.otlp) && test(read.logs.otlp);
}

// Of that signal, and of no other.
template <class Test>
bool only(const settings& read, signal_settings settings::* which, Test test) {
  const auto others = test(read.traces.otlp) + test(read.metrics.otlp) + test(read.logs.otlp);
  return test((read.*which).otlp) && others == 1;
}

// One that the variable changes, and one that it cannot read.
struct example {
  std::string_view name, good, bad;
  bool (*landed)(const settings&);  // whether the good one has
};

const example examples[] = {
    {"OTEL_SDK_DISABLED", "TRUE", "1", [](const settings& s) { return s.disabled; }},
    {"OTEL_LOG_LEVEL", "Debug", "loud", [](const settings& s) { return s.level == log_level::debug; }},
    {"OTEL_SERVICE_NAME", "shop", "", [](const settings& s) { return s.service_name == "shop"; }},
    {"OTEL_RESOURCE_ATTRIBUTES", "a=1", "a", [](const settings& s) { return s.resource == text_pairs{{"a", "1"}}; }},
    {"OTEL_PROPAGATORS", "b3", "xray", [](const settings& s) { return s.propagators == std::vector{propagator::b3}; }},
    {"OTEL_TRACES_EXPORTER", "console", "zipkin", [](const settings& s) { return only_console(s.traces); }},
    {"OTEL_METRICS_EXPORTER", "console", "prometheus", [](const settings& s) { return only_console(s.metrics); }},
    {"OTEL_LOGS_EXPORTER", "console", "file", [](const settings& s) { return only_console(s.logs); }},
    {"OTEL_TRACES_SAMPLER", "traceidratio", "xray",
     [](const settings& s) { return s.sampling == sampler::traceidratio && !s.follow_parent; }},
    {"OTEL_TRACES_SAMPLER_ARG", "0.25", "1.5", [](const settings& s) { return s.ratio == 0.25; }},
    {"OTEL_BSP_SCHEDULE_DELAY", "7", "-1", [](const settings& s) { return s.span_batches.delay == 7ms; }},
    {"OTEL_BSP_EXPORT_TIMEOUT", "7", "7s", [](const settings& s) { return s.span_batches.export_timeout == 7ms; }},
    {"OTEL_BSP_MAX_QUEUE_SIZE", "777", "0", [](const settings& s) { return s.span_batches.queue == 777; }},
    {"OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "7", "x", [](const settings& s) { return s.span_batches.batch == 7; }},
    {"OTEL_BLRP_SCHEDULE_DELAY", "7", "1e3", [](const settings& s) { return s.log_batches.delay == 7ms; }},
    {"OTEL_BLRP_EXPORT_TIMEOUT", "7", "7.5", [](const settings& s) { return s.log_batches.export_timeout == 7ms; }},
    {"OTEL_BLRP_MAX_QUEUE_SIZE", "777", "-7", [](const settings& s) { return s.log_batches.queue == 777; }},
    {"OTEL_BLRP_MAX_EXPORT_BATCH_SIZE", "7", "99999999999999999999",
     [](const settings& s) { return s.log_batches.batch == 7; }},
    {"OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "7", "x",
     [](const settings& s) { return s.span_limits.value_length == 7 && s.log_limits.value_length == 7; }},
    {"OTEL_ATTRIBUTE_COUNT_LIMIT", "7", "x",
     [](const settings& s) { return s.span_limits.attributes == 7 && s.log_limits.attributes == 7; }},
    {"OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", "7", "x",
     [](const settings& s) { return s.span_limits.value_length == 7 && s.log_limits.value_length == no_limit; }},
    {"OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "7", "x",
     [](const settings& s) { return s.span_limits.attributes == 7 && s.log_limits.attributes == 128; }},
    {"OTEL_SPAN_EVENT_COUNT_LIMIT", "7", "x", [](const settings& s) { return s.span_limits.events == 7; }},
    {"OTEL_SPAN_LINK_COUNT_LIMIT", "7", "x", [](const settings& s) { return s.span_limits.links == 7; }},
    {"OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", "7", "x",
     [](const settings& s) { return s.span_limits.event_attributes == 7; }},
    {"OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", "7", "x", [](const settings& s) { return s.span_limits.link_attributes == 7; }},
    {"OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT", "7", "x",
     [](const settings& s) { return s.log_limits.value_length == 7 && s.span_limits.value_length == no_limit; }},
    {"OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT", "7", "x",
     [](const settings& s) { return s.log_limits.attributes == 7 && s.span_limits.attributes == 128; }},
    {"OTEL_METRIC_EXPORT_INTERVAL", "70000", "0", [](const settings& s) { return s.metric_interval == 70s; }},
    {"OTEL_METRIC_EXPORT_TIMEOUT", "7", "x", [](const settings& s) { return s.metric_timeout == 7ms; }},
    {"OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:1", "http://c:x",
     [](const settings& s) { return s.traces.otlp.endpoint == "http://c:1/v1/traces"; }},
    {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://c:1", "http://c:x",
     [](const settings& s) { return s.traces.otlp.endpoint == "http://c:1"; }},
    {"OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "http://c:1", "http://c:x",
     [](const settings& s) { return s.metrics.otlp.endpoint == "http://c:1"; }},
    {"OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "http://c:1", "http://c:x",
     [](const settings& s) { return s.logs.otlp.endpoint == "http://c:1"; }},
    {"OTEL_EXPORTER_OTLP_PROTOCOL", "grpc", "http",
     [](const settings& s) { return all(s, [](const auto& otlp) { return otlp.over == protocol::grpc; }); }},
    {"OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "grpc", "x",
     [](const settings& s) {
       return only(s, &settings::traces, [](const auto& otlp) { return otlp.over == protocol::grpc; });
     }},
    {"OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "http/json", "x",
     [](const settings& s) {
       return only(s, &settings::metrics, [](const auto& otlp) { return otlp.over == protocol::http_json; });
     }},
    {"OTEL_EXPORTER_OTLP_LOGS_PROTOCOL", "GRPC", "x",
     [](const settings& s) {
       return only(s, &settings::logs, [](const auto& otlp) { return otlp.over == protocol::grpc; });
     }},
    {"OTEL_EXPORTER_OTLP_HEADERS", "api-key=secret", "secret",
     [](const settings& s) {
       return all(s, [](const auto& otlp) { return otlp.headers == text_pairs{{"api-key", "secret"}}; });
     }},
    {"OTEL_EXPORTER_OTLP_TRACES_HEADERS", "api-key=secret", "secret",
     [](const settings& s) {
       return only(s, &settings::traces,
                   [](const auto& otlp) { return otlp.headers == text_pairs{{"api-key", "secret"}}; });
     }},
    {"OTEL_EXPORTER_OTLP_METRICS_HEADERS", "api-key=secret", "secret",
     [](const settings& s) {
       return only(s, &settings::metrics,
                   [](const auto& otlp) { return otlp.headers == text_pairs{{"api-key", "secret"}}; });
     }},
    {"OTEL_EXPORTER_OTLP_LOGS_HEADERS", "api-key=secret", "secret",
     [](const settings& s) {
       return only(s, &settings::logs,
                   [](const auto& otlp) { return otlp.headers == text_pairs{{"api-key", "secret"}}; });
     }},
    {"OTEL_EXPORTER_OTLP_TIMEOUT", "7", "7s",
     [](const settings& s) { return all(s, [](const auto& otlp) { return otlp.timeout == 7ms; }); }},
    {"OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "7", "x",
     [](const settings& s) {
       return only(s, &settings::traces, [](const auto& otlp) { return otlp.timeout == 7ms; });
     }},
    {"OTEL_EXPORTER_OTLP_METRICS_TIMEOUT", "7", "x",
     [](const settings& s) {
       return only(s, &settings::metrics, [](const auto& otlp) { return otlp.timeout == 7ms; });
     }},
    {"OTEL_EXPORTER_OTLP_LOGS_TIMEOUT", "7", "x",
     [](const settings& s) { return only(s, &settings::logs, [](const auto& otlp) { return otlp.timeout == 7ms; }); }},
    {"OTEL_EXPORTER_OTLP_COMPRESSION", "gzip", "brotli",
     [](const settings& s) { return all(s, [](const auto& otlp) { return otlp.gzip; }); }},
    {"OTEL_EXPORTER_OTLP_TRACES_COMPRESSION", "gzip", "x",
     [](const settings& s) { return only(s, &settings::traces, [](const auto& otlp) { return otlp.gzip; }); }},
    {"OTEL_EXPORTER_OTLP_METRICS_COMPRESSION", "gzip", "x",
     [](const settings& s) { return only(s, &settings::metrics, [](const auto& otlp) { return otlp.gzip; }); }},
    {"OTEL_EXPORTER_OTLP_LOGS_COMPRESSION", "gzip", "x",
     [](const settings& s) { return only(s, &settings::logs, [](const auto& otlp) { return otlp.gzip; }); }},
    {"OTEL_EXPORTER_OTLP_INSECURE", "true", "yes",
     [](const settings& s) { return all(s, [](const auto& otlp) { return otlp.insecure; }); }},
    {"OTEL_EXPORTER_OTLP_TRACES_INSECURE", "true", "yes",
     [](const settings& s) { return only(s, &settings::traces, [](const auto& otlp) { return otlp.insecure; }); }},
    {"OTEL_EXPORTER_OTLP_METRICS_INSECURE", "true", "yes",
     [](const settings& s) { return only(s, &settings::metrics, [](const auto& otlp) { return otlp.insecure; }); }},
    {"OTEL_EXPORTER_OTLP_LOGS_INSECURE", "true", "yes",
     [](const settings& s) { return only(s, &settings::logs, [](const auto& otlp) { return otlp.insecure; }); }},
    {"OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "delta", "x",
     [](const settings& s) { return s.prefers == temporality::delta; }},
    {"OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION", "base2_exponential_bucket_histogram", "x",
     [](const settings& s) { return s.histograms == histogram_aggregation::exponential; }},
    {"LINESHAFT_OTEL_SHUTDOWN_TIMEOUT", "7", "x", [](const settings& s) { return s.shutdown_timeout == 7ms; }},
    {"LINESHAFT_LOG_LEVEL", "warn", "loud", [](const settings& s) { return s.log_lines == log_level::warn; }},
    {"LINESHAFT_LOG_FORMAT", "JSON", "xml", [](const settings& s) { return s.format == log_format::json; }},
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
  EXPECT_EQ(values.metric_timeout, 30s);
  EXPECT_EQ(values.traces.otlp.timeout, 10s);
  EXPECT_EQ(values.shutdown_timeout, 2s);
  for (const auto& batches : {values.span_batches, values.log_batches}) {
    EXPECT_EQ(batches.export_timeout, 30s);
    EXPECT_EQ((std::pair{batches.queue, batches.batch}), (std::pair{2048UL, 512UL}));
  }
  for (const auto& limits : {values.span_limits, values.log_limits}) {
    EXPECT_EQ(limits.value_length, no_limit);
    for (const auto count :
         {limits.attributes, limits.events, limits.links, limits.event_attributes, limits.link_attributes})
      EXPECT_EQ(count, 128U);
  }
}

TEST(settings, each_variable_warns_about_a_bad_value_by_name_alone_and_has_its_default) {
  for (const auto& one : examples) {
    if (one.bad.empty()) continue;
    const auto parsed = parse({std::string(one.name) + "=" + std::string(one.bad)});
    EXPECT_THAT(parsed.warnings, ElementsAre(std::string(one.name) + " has a value that cannot be used"));
    EXPECT_EQ(parsed.values, read({})) << one.name;
  }
}

TEST(settings, each_variable_takes_a_good_value_without_a_complaint_about_reading_it) {
  for (const auto& one : examples) {
    EXPECT_FALSE(one.landed(read({}))) << one.name;
    const auto parsed = parse({std::string(one.name) + "=" + std::string(one.good)});
    EXPECT_TRUE(one.landed(parsed.values)) << one.name;
    for (const auto& warning : parsed.warnings) EXPECT_THAT(warning, Not(HasSubstr("cannot be used")));
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

TEST(settings, of_a_list_without_a_known_word_the_default_counts) {
  const auto parsed = parse({"OTEL_TRACES_EXPORTER=zipkin", "OTEL_LOGS_EXPORTER=file",
                             "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://c", "OTEL_PROPAGATORS=xray,ottrace"});
  EXPECT_THAT(parsed.values.traces.exporters, ElementsAre(exporter::otlp));
  EXPECT_FALSE(parsed.values.logs.wanted());
  EXPECT_THAT(parsed.values.propagators, ElementsAre(propagator::tracecontext, propagator::baggage));
  EXPECT_EQ(parsed.warnings.size(), 3U);
  EXPECT_THAT(read({"OTEL_PROPAGATORS=none"}).propagators, IsEmpty());
}

// gRPC ends the process for a name or a value that it may not send.
TEST(settings, headers_that_no_protocol_may_send_are_refused_whole) {
  for (const std::string bad :
       {"a b=1", "a:b=1", "\xc3\xa4=1", "a=\xc3\xa4", "a=%C3%A4", "a=x%0d%0aHost:%20y", "a=1,b c=2"})
    EXPECT_THAT(parse({"OTEL_EXPORTER_OTLP_HEADERS=" + bad}),
                AllOf(Field(&parsed_settings::values, read({})), Field(&parsed_settings::warnings, SizeIs(1))))
        << bad;
  EXPECT_THAT(read({"OTEL_EXPORTER_OTLP_HEADERS=Authorization=Bearer%20x,X-Key_1.a=50%"}).logs.otlp.headers,
              ElementsAre(Pair("Authorization", "Bearer%20x"), Pair("X-Key_1.a", "50%")));
}

// It prints one that it cannot take apart at each export, with the password that is in it.
TEST(settings, endpoints_that_the_sdk_cannot_take_apart_are_refused) {
  for (const std::string bad : {"http://c:43x17", "http://c:", "http://", "http://:4317", "http://c:0",
                                "http://c:65536", "http://[::1:4317", "http://me:secret@c:43x17",
                                "http://me:sec/ret@c:4317", "HTTP://c:1", "ftp://c", "http://c/a:1", "http://c d"}) {
    for (const std::string name : {"", "TRACES_", "METRICS_", "LOGS_"}) {
      const auto parsed = parse({"OTEL_EXPORTER_OTLP_" + name + "ENDPOINT=" + bad});
      EXPECT_EQ(parsed.values, read({})) << bad;
      EXPECT_THAT(parsed.warnings,
                  ElementsAre("OTEL_EXPORTER_OTLP_" + name + "ENDPOINT has a value that cannot be used"));
    }
  }
  for (const std::string good : {"http://c", "https://c:4317", "c:4317", "c", "http://[::1]:4317", "https://[::1]/a",
                                 "http://me:secret@c:4317/a:b?c=d", "http://c?a=b"})
    EXPECT_EQ(read({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=" + good}).traces.otlp.endpoint, good);
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

TEST(settings, what_the_sdk_lacks_for_one_signal_is_said_of_no_other) {
  for (const auto& [name, value] :
       {std::pair{"COMPRESSION", "gzip"}, {"CLIENT_KEY", "/x"}, {"CLIENT_KEY_STRING", "x"}}) {
    const bool http_lacks_it = std::string_view(name) == "COMPRESSION";
    const auto set = [&](const std::string& signal) { return "OTEL_EXPORTER_OTLP_" + signal + name + "=" + value; };
    const auto parsed = parse({"OTEL_EXPORTER_OTLP_ENDPOINT=http://c", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=grpc",
                               "OTEL_LOGS_EXPORTER=none", set("TRACES_"), set("METRICS_"), set("LOGS_")});
    EXPECT_THAT(parsed.warnings, ElementsAre(HasSubstr(http_lacks_it ? "_METRICS_" : "_TRACES_")));
  }
  EXPECT_THAT(parse({"OTEL_TRACES_EXPORTER=otlp", "OTEL_CPP_EXPORTER_OTLP_TRACES_RETRY_MAX_ATTEMPTS=3",
                     "OTEL_CPP_EXPORTER_OTLP_LOGS_RETRY_MAX_ATTEMPTS=3"})
                  .warnings,
              ElementsAre("OTEL_CPP_EXPORTER_OTLP_TRACES_RETRY_MAX_ATTEMPTS is not supported: what a collector "
                          "refuses is not sent again"));
}

TEST(settings, need_not_be_parsed_where_no_exporter_and_no_endpoint_is_named) {
  const char* off[] = {"OTEL_SERVICE_NAME=x_EXPORTER", "HOME=/", nullptr};
  const char* on[] = {"HOME=/", "OTEL_EXPORTER_OTLP_ENDPOINT=x", nullptr};
  const char* console[] = {"OTEL_TRACES_EXPORTER=console", nullptr};
  EXPECT_FALSE(may_be_wanted(off));
  EXPECT_TRUE(may_be_wanted(on));
  EXPECT_TRUE(may_be_wanted(console));
}
