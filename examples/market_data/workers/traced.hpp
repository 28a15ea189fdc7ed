#pragma once
// Spans of the pipeline: one for each frame that comes in, one for each batch that is processed. None where nobody
// traces: a worker that was started under no trace context has none.
#include <lineshaft/queue.hpp>
#include <lineshaft/span.hpp>
#include <string_view>

namespace market_data {

bool is_traced();

/// A trace of its own for each frame, linked to the start of this worker. Its messages carry it along.
lineshaft::span_options frame_span_options();

/// The trace of the frame goes on, if all of the batch come from one; else one of its own, linked to each of them.
lineshaft::span_options batch_span_options(const lineshaft::message_batch& batch, std::string_view queue);

}  // namespace market_data
