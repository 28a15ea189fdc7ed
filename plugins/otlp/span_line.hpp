#pragma once
// A span as one line for people. The SDK's own takes thirty, half of them the resource.
#include <opentelemetry/sdk/trace/span_data.h>

#include <string>

namespace lineshaft::otlp {

/// "2026-11-24T22:19:07.659Z listener/1: send frame 0.147 ms producer trace=… span=… parent=… link=TRACE/SPAN key=value
/// !event error=text". Ends with a newline.
std::string line_of(const opentelemetry::sdk::trace::SpanData& span);

}  // namespace lineshaft::otlp
