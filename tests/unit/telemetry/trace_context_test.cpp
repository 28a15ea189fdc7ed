#include "lineshaft/trace_context.hpp"

#include <gtest/gtest.h>
#include <opentelemetry/trace/context.h>
#include <opentelemetry/trace/default_span.h>
#include <opentelemetry/trace/noop.h>
#include <opentelemetry/trace/provider.h>
#include <opentelemetry/trace/scope.h>

#include <thread>

using namespace lineshaft;
namespace otel = opentelemetry;
using span_pointer = otel::nostd::shared_ptr<otel::trace::Span>;

namespace {

constexpr std::uint8_t trace_id[16] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0xff};
constexpr std::uint8_t span_id[8] = {0xab, 0, 0, 0, 0, 0, 0, 1};
const std::string ids = "0102030405060708090a0b0c0d0e0fff-ab00000000000001";

otel::trace::SpanContext context_of(std::uint8_t flags, bool remote, const char* state = "") {
  return {otel::trace::TraceId(trace_id), otel::trace::SpanId(span_id), otel::trace::TraceFlags(flags), remote,
          otel::trace::TraceState::FromHeader(state)};
}

span_pointer default_span(const otel::trace::SpanContext& context) {
  return span_pointer(new otel::trace::DefaultSpan(context));
}

span_pointer span_of_the_noop_tracer() {
  return otel::trace::Provider::GetTracerProvider()->GetTracer("test")->StartSpan("nothing");
}

}  // namespace

TEST(trace_context, is_empty_where_nothing_is_current) { EXPECT_TRUE(current_trace_context().empty()); }

TEST(trace_context, is_that_of_the_current_span) {
  const struct {
    std::uint8_t flags;
    bool remote;
    const char* state;
    trace_context expected;
  } rows[] = {
      {1, true, "", {.traceparent = "00-" + ids + "-01"}},
      {1, false, "", {.traceparent = "00-" + ids + "-01"}},
      {0, true, "", {.traceparent = "00-" + ids + "-00"}},
      {0xff, true, "", {.traceparent = "00-" + ids + "-03"}},
      {1, true, "a=1,b=2", {.traceparent = "00-" + ids + "-01", .tracestate = "a=1,b=2"}},
      {1, true, "a=1,b=2,a=3", {.traceparent = "00-" + ids + "-01", .tracestate = "a=1,b=2"}},
  };
  for (const auto& row : rows) {
    const otel::trace::Scope scope(default_span(context_of(row.flags, row.remote, row.state)));
    EXPECT_EQ(current_trace_context(), row.expected);
  }
  EXPECT_TRUE(current_trace_context().empty());
}

TEST(trace_context, of_an_invalid_span_is_empty) {
  const otel::trace::Scope scope(default_span(otel::trace::SpanContext::GetInvalid()));
  EXPECT_TRUE(current_trace_context().empty());
}

TEST(trace_context, crosses_the_spans_of_the_no_op_tracer) {
  const otel::trace::Scope outer(default_span(context_of(1, true)));
  const otel::trace::Scope inner(span_of_the_noop_tracer());
  const otel::trace::Scope innermost(span_of_the_noop_tracer());
  EXPECT_EQ(current_trace_context().traceparent, "00-" + ids + "-01");
}

TEST(trace_context, of_a_span_that_a_sampler_dropped_is_not_sampled) {
  otel::nostd::unique_ptr<otel::trace::SpanContext> context(new otel::trace::SpanContext(context_of(3, false, "a=1")));
  const otel::trace::Scope scope(span_pointer(new otel::trace::NoopSpan(nullptr, std::move(context))));
  EXPECT_EQ(current_trace_context(), (trace_context{.traceparent = "00-" + ids + "-02", .tracestate = "a=1"}));
}

TEST(trace_context, belongs_to_its_thread) {
  const otel::trace::Scope scope(default_span(context_of(1, true)));
  std::thread([] { EXPECT_TRUE(current_trace_context().empty()); }).join();
}

TEST(context_scope, makes_current_exactly_what_is_given) {
  const trace_context rows[] = {
      {},
      {.traceparent = "00-" + ids + "-01"},
      {.traceparent = "00-" + ids + "-00", .tracestate = "a=1,tenant@b= 2"},
      {.baggage = "a=1%3Bp;q,b="},
      {.traceparent = "00-" + ids + "-01", .tracestate = "a=1", .baggage = "a=Am%C3%A9lie"},
  };
  for (const auto& row : rows) {
    const context_scope scope(row);
    EXPECT_EQ(current_trace_context(), row);
    for (const auto& inner : rows) {
      const context_scope inner_scope(inner);
      EXPECT_EQ(current_trace_context(), inner);
    }
    EXPECT_EQ(current_trace_context(), row);
  }
  EXPECT_TRUE(current_trace_context().empty());
}

TEST(context_scope, of_a_whole_process_survives_scopes_that_end_in_the_wrong_order) {
  const trace_context of_process = {.traceparent = "00-" + ids + "-01"}, first = {.baggage = "a=1"},
                      second = {.baggage = "b=2"};
  const context_scope base(of_process);
  auto earlier = std::make_unique<context_scope>(first);
  auto later = std::make_unique<context_scope>(second);
  earlier.reset();
  EXPECT_EQ(current_trace_context(), of_process);
  later.reset();
  EXPECT_EQ(current_trace_context(), of_process);
}

TEST(context_scope, gives_a_remote_parent_to_the_programs_own_spans) {
  const context_scope scope({.traceparent = "00-" + ids + "-01", .tracestate = "a=1"});
  const auto span = otel::trace::GetSpan(otel::context::RuntimeContext::GetCurrent())->GetContext();
  EXPECT_TRUE(span.IsRemote());
  EXPECT_TRUE(span.IsSampled());
  EXPECT_EQ(span.trace_state()->ToHeader(), "a=1");
}

TEST(context_scope, ignores_what_is_malformed) {
  const trace_context rows[] = {
      {.traceparent = "00-" + ids},
      {.tracestate = "a=1"},
      {.traceparent = "nonsense", .tracestate = "a=1", .baggage = "nonsense"},
  };
  for (const auto& row : rows) {
    const context_scope scope(row);
    EXPECT_TRUE(current_trace_context().empty());
  }
}
