#include "telemetry/environment.hpp"

#include <gtest/gtest.h>

using namespace lineshaft;
using namespace lineshaft::telemetry;

namespace {

const trace_context full = {.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                            .tracestate = "a=1,b=2",
                            .baggage = "user=Am%C3%A9lie;p"};

trace_context read(const environment_list& environment) {
  std::vector<const char*> pointers;
  for (const auto& variable : environment) pointers.push_back(variable.c_str());
  pointers.push_back(nullptr);
  return from_environment(pointers.data());
}

}  // namespace

TEST(environment_name, is_upper_case_with_underscores) {
  const struct {
    std::string_view key;
    std::string_view name;
  } rows[] = {
      {"traceparent", "TRACEPARENT"},
      {"TraceState", "TRACESTATE"},
      {"x-b3-traceid", "X_B3_TRACEID"},
      {"a.b c", "A_B_C"},
      {"9lives", "_9LIVES"},
      {"", "_"},
      {"caf\xc3\xa9", "CAF__"},
      {"A_9", "A_9"},
      {"a=b", "A_B"},
  };
  for (const auto& row : rows) EXPECT_EQ(environment_name(row.key), row.name);
}

TEST(environment, carries_a_context_to_a_worker) {
  const trace_context rows[] = {{}, {.traceparent = full.traceparent}, {.baggage = full.baggage}, full};
  for (const auto& row : rows) {
    environment_list environment = {"PATH=/bin"};
    write_environment(row, environment);
    EXPECT_EQ(environment[0], "PATH=/bin");
    EXPECT_EQ(read(environment), row);
  }
}

TEST(environment, keeps_nothing_of_the_context_that_the_manager_was_started_under) {
  const environment_list stale = {"TRACEPARENT=stale", "A=1",           "TRACESTATE=stale", "BAGGAGE=stale",
                                  "TRACEPARENT=again", "TRACEPARENTS=b"};
  auto environment = stale;
  write_environment({}, environment);
  EXPECT_EQ(environment, (environment_list{"A=1", "TRACEPARENTS=b"}));

  environment = stale;
  write_environment({.traceparent = full.traceparent}, environment);
  EXPECT_EQ(environment, (environment_list{"A=1", "TRACEPARENTS=b", "TRACEPARENT=" + full.traceparent}));
}

TEST(environment, has_no_tracestate_without_a_traceparent) {
  environment_list environment;
  write_environment({.tracestate = "a=1"}, environment);
  EXPECT_TRUE(environment.empty());
  EXPECT_TRUE(read({"TRACESTATE=a=1", "TRACEPARENT=nonsense"}).empty());
}

TEST(environment, gives_what_is_well_formed) {
  EXPECT_EQ(read({"TRACEPARENT= " + full.traceparent + " ", "TRACESTATE=a=1,B=2", "BAGGAGE=a=1,b=%zz"}),
            (trace_context{.traceparent = full.traceparent, .tracestate = "a=1", .baggage = "a=1"}));
  EXPECT_TRUE(read({"traceparent=" + full.traceparent, "TRACEPARENT", "XTRACEPARENT=" + full.traceparent}).empty());
  EXPECT_TRUE(from_environment(nullptr).empty());
}

TEST(environment_carrier, reads_writes_and_lists_by_the_name_of_the_variable) {
  environment_list environment = {"X_B3_TRACEID=1", "lower=2", "9=3", "=4", "_9=5", "no value"};
  environment_carrier carrier(environment);
  EXPECT_EQ(carrier.Get("x-b3-traceid"), "1");
  EXPECT_EQ(carrier.Get("lower"), "");
  carrier.Set("x-b3-traceid", "6");
  carrier.Set("9", "7");
  EXPECT_EQ(environment, (environment_list{"lower=2", "9=3", "=4", "no value", "X_B3_TRACEID=6", "_9=7"}));
  std::vector<std::string> keys;
  carrier.Keys([&](opentelemetry::nostd::string_view key) {
    keys.emplace_back(key.data(), key.size());
    return true;
  });
  EXPECT_EQ(keys, (std::vector<std::string>{"X_B3_TRACEID", "_9"}));
}

TEST(environment_carrier, leaves_out_what_would_fail_the_start) {
  constexpr std::size_t longest = 128 * 1024 - sizeof("BAGGAGE=");
  const struct {
    std::string value;
    bool kept;
  } rows[] = {
      {std::string(longest, 'v'), true}, {std::string(longest + 1, 'v'), false}, {std::string("a\0b", 3), false}};
  for (const auto& row : rows) {
    environment_list environment = {"BAGGAGE=stale"};
    environment_carrier(environment).Set("baggage", row.value);
    EXPECT_EQ(environment.size(), row.kept ? 1u : 0u) << row.value.size();
  }
}
