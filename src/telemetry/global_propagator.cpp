#include "telemetry/global_propagator.hpp"

#include <opentelemetry/context/propagation/composite_propagator.h>
#include <opentelemetry/context/propagation/global_propagator.h>
#include <opentelemetry/trace/propagation/b3_propagator.h>
#include <opentelemetry/trace/propagation/jaeger.h>

#include <memory>

#include "telemetry/baggage_propagator.hpp"
#include "telemetry/trace_context_propagator.hpp"

namespace lineshaft::telemetry {

namespace otel = opentelemetry;

namespace {

using otel::context::propagation::TextMapPropagator;

std::unique_ptr<TextMapPropagator> make(propagator which) {
  switch (which) {
    case propagator::tracecontext: return std::make_unique<trace_context_propagator>();
    case propagator::baggage: return std::make_unique<baggage_propagator>();
    case propagator::b3: return std::make_unique<otel::trace::propagation::B3Propagator>();
    case propagator::b3multi: return std::make_unique<otel::trace::propagation::B3PropagatorMultiHeader>();
    case propagator::jaeger: return std::make_unique<otel::trace::propagation::JaegerPropagator>();
  }
  return nullptr;
}

}  // namespace

void set_global_propagator(const std::vector<propagator>& wanted) {
  std::vector<std::unique_ptr<TextMapPropagator>> all;
  all.reserve(wanted.size());
  for (const auto which : wanted) all.push_back(make(which));
  otel::context::propagation::GlobalTextMapPropagator::SetGlobalPropagator(
      otel::nostd::shared_ptr<TextMapPropagator>(new otel::context::propagation::CompositePropagator(std::move(all))));
}

}  // namespace lineshaft::telemetry
