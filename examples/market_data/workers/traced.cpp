#include "market_data/workers/traced.hpp"

#include <cstdint>

namespace market_data {

bool is_traced() { return !lineshaft::current_trace_context().empty(); }

lineshaft::span_options frame_span_options() {
  return {.kind = lineshaft::span_kind::producer,
          .parent = lineshaft::trace_context(),
          .links = {lineshaft::current_trace_context()},
          .attributes = {{"messaging.system", "lineshaft"},
                         {"messaging.operation.name", "send"},
                         {"messaging.operation.type", "send"},
                         {"messaging.destination.name", "frame"}}};
}

lineshaft::span_options batch_span_options(const lineshaft::message_batch& batch, std::string_view queue) {
  auto options = lineshaft::process_span_options({}, queue);
  options.attributes["messaging.batch.message_count"] = static_cast<std::int64_t>(batch.size());
  // Those of one frame stand together.
  std::string_view last;
  for (const auto& one : batch) {
    if (one.traceparent.empty() || one.traceparent == last) continue;
    last = one.traceparent;
    options.links.push_back(one.context());
  }
  options.parent = options.links.size() == 1 ? options.links.front() : lineshaft::trace_context();
  return options;
}

}  // namespace market_data
