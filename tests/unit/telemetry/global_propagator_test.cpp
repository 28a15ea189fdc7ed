#include "telemetry/global_propagator.hpp"

#include <gmock/gmock.h>
#include <opentelemetry/context/propagation/global_propagator.h>
#include <opentelemetry/context/runtime_context.h>

#include <map>

#include "lineshaft/trace_context.hpp"

using namespace lineshaft;
namespace propagation = opentelemetry::context::propagation;
using telemetry::propagator;
using testing::ElementsAre;
using testing::IsEmpty;

namespace {

class headers final : public propagation::TextMapCarrier {
 public:
  opentelemetry::nostd::string_view Get(opentelemetry::nostd::string_view) const noexcept override { return {}; }
  void Set(opentelemetry::nostd::string_view key, opentelemetry::nostd::string_view) noexcept override {
    names.emplace_back(key.data(), key.size());
  }
  std::vector<std::string> names;
};

// What a program finds that hands its current context on by OpenTelemetry's global propagator.
std::vector<std::string> names_injected_by(const std::vector<propagator>& wanted) {
  telemetry::set_global_propagator(wanted);
  const context_scope current({"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "a=1", "user=7"});
  headers carrier;
  propagation::GlobalTextMapPropagator::GetGlobalPropagator()->Inject(
      carrier, opentelemetry::context::RuntimeContext::GetCurrent());
  telemetry::set_global_propagator({});
  return std::move(carrier.names);
}

}  // namespace

TEST(global_propagator, speaks_what_is_wanted_and_nothing_else) {
  using enum propagator;
  EXPECT_THAT(names_injected_by({tracecontext, baggage}), ElementsAre("traceparent", "tracestate", "baggage"));
  EXPECT_THAT(names_injected_by({baggage}), ElementsAre("baggage"));
  EXPECT_THAT(names_injected_by({b3}), ElementsAre("b3"));
  EXPECT_THAT(names_injected_by({b3multi}), ElementsAre("X-B3-TraceId", "X-B3-SpanId", "X-B3-Sampled"));
  EXPECT_THAT(names_injected_by({jaeger}), ElementsAre("uber-trace-id"));
  EXPECT_THAT(names_injected_by({}), IsEmpty());
}
