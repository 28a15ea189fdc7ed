#include "telemetry/trace_context_propagator.hpp"

#include <gtest/gtest.h>
#include <opentelemetry/context/propagation/composite_propagator.h>
#include <opentelemetry/trace/context.h>

#include "telemetry/baggage_propagator.hpp"
#include "telemetry/environment_carrier.hpp"

using namespace lineshaft::telemetry;
namespace otel = opentelemetry;

namespace {

const std::string parent = "TRACEPARENT=00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

std::string fields_of(const otel::context::propagation::TextMapPropagator& propagator) {
  std::string fields;
  propagator.Fields([&](otel::nostd::string_view field) {
    fields += std::string(field) + ' ';
    return true;
  });
  return fields;
}

}  // namespace

TEST(trace_context_propagator, works_as_the_propagator_of_a_program) {
  std::vector<std::unique_ptr<otel::context::propagation::TextMapPropagator>> both;
  both.push_back(std::make_unique<trace_context_propagator>());
  both.push_back(std::make_unique<baggage_propagator>());
  otel::context::propagation::CompositePropagator propagator(std::move(both));
  environment_list received = {parent, "TRACESTATE=a=1,b=2", "BAGGAGE=c=3"}, sent;
  environment_carrier from(received), to(sent);
  otel::context::Context root;
  propagator.Inject(to, propagator.Extract(from, root));
  EXPECT_EQ(sent, received);
  EXPECT_EQ(fields_of(propagator), "traceparent tracestate baggage ");
}

TEST(trace_context_propagator, carries_all_32_members_of_a_tracestate) {
  std::string state = "TRACESTATE=";
  for (int i = 0; i < 32; ++i) state += (i == 0 ? "k" : ",k") + std::to_string(i) + "=v";
  environment_list received = {parent, state + ",k32=v"}, sent;
  environment_carrier from(received), to(sent);
  otel::context::Context root;
  trace_context_propagator().Inject(to, trace_context_propagator().Extract(from, root));
  EXPECT_EQ(sent, (environment_list{parent, state}));
}

TEST(trace_context_propagator, leaves_a_context_alone_where_there_is_no_valid_traceparent) {
  const environment_list rows[] = {{}, {"TRACESTATE=a=1"}, {"TRACEPARENT=nonsense", "TRACESTATE=a=1"}};
  for (auto received : rows) {
    environment_carrier from(received);
    otel::context::Context root, other("key", true);
    EXPECT_TRUE(trace_context_propagator().Extract(from, root) == root);
    EXPECT_TRUE(trace_context_propagator().Extract(from, other) == other);
    environment_list sent;
    environment_carrier to(sent);
    trace_context_propagator().Inject(to, other);
    EXPECT_TRUE(sent.empty());
  }
}
