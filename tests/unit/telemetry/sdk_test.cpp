// The library links the API alone. Here the program has an SDK of its own, as a user's may.
#include <gtest/gtest.h>
#include <opentelemetry/exporters/memory/in_memory_span_exporter.h>
#include <opentelemetry/sdk/trace/samplers/always_off_factory.h>
#include <opentelemetry/sdk/trace/samplers/always_on_factory.h>
#include <opentelemetry/sdk/trace/simple_processor_factory.h>
#include <opentelemetry/sdk/trace/tracer_provider_factory.h>
#include <opentelemetry/trace/scope.h>
#include <opentelemetry/trace/tracer_provider.h>

#include "lineshaft/trace_context.hpp"

using namespace lineshaft;
namespace otel = opentelemetry;

namespace {

const trace_context caller = {.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                              .tracestate = "a=1"};

std::unique_ptr<otel::trace::TracerProvider> provider_with(std::unique_ptr<otel::sdk::trace::Sampler> sampler) {
  auto processor = otel::sdk::trace::SimpleSpanProcessorFactory::Create(
      std::make_unique<otel::exporter::memory::InMemorySpanExporter>());
  return otel::sdk::trace::TracerProviderFactory::Create(std::move(processor),
                                                         otel::sdk::resource::Resource::Create({}), std::move(sampler));
}

std::string trace_id_of(const trace_context& context) { return context.traceparent.substr(3, 32); }
std::string flags_of(const trace_context& context) { return context.traceparent.substr(53); }

}  // namespace

TEST(sdk, makes_spans_under_the_context_of_a_scope_and_they_are_captured) {
  const auto provider = provider_with(otel::sdk::trace::AlwaysOnSamplerFactory::Create());
  const context_scope scope(caller);
  const auto span = provider->GetTracer("test")->StartSpan("work");
  const otel::trace::Scope active(span);
  const auto captured = current_trace_context();
  EXPECT_EQ(trace_id_of(captured), trace_id_of(caller));
  EXPECT_NE(captured.traceparent, caller.traceparent);
  EXPECT_EQ(flags_of(captured), "01");
  EXPECT_EQ(captured.tracestate, "a=1");
}

TEST(sdk, span_that_has_ended_is_still_sampled) {
  const auto provider = provider_with(otel::sdk::trace::AlwaysOnSamplerFactory::Create());
  const auto span = provider->GetTracer("test")->StartSpan("work");
  const otel::trace::Scope active(span);
  span->End();
  EXPECT_FALSE(span->IsRecording());
  EXPECT_EQ(flags_of(current_trace_context()), "01");
}

TEST(sdk, span_that_the_sampler_dropped_is_passed_on_as_not_sampled) {
  const auto provider = provider_with(otel::sdk::trace::AlwaysOffSamplerFactory::Create());
  const context_scope scope(caller);
  const auto span = provider->GetTracer("test")->StartSpan("work");
  const otel::trace::Scope active(span);
  EXPECT_EQ(trace_id_of(current_trace_context()), trace_id_of(caller));
  EXPECT_EQ(flags_of(current_trace_context()), "00");
}
