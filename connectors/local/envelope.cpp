#include "local/envelope.hpp"

namespace lineshaft::local {

std::size_t packet_size(const message& of) {
  return sizeof(queue_packet_header) + of.traceparent.size() + of.tracestate.size() + of.baggage.size() +
         of.body.size();
}

queue_packet_header header_of(const message& of) {
  return {.mark = queue_packet_mark,
          .traceparent_size = static_cast<std::uint32_t>(of.traceparent.size()),
          .tracestate_size = static_cast<std::uint32_t>(of.tracestate.size()),
          .baggage_size = static_cast<std::uint32_t>(of.baggage.size()),
          .body_size = static_cast<std::uint32_t>(of.body.size())};
}

bool decode(const queue_packet_header& header, const char* payload, std::size_t packet_size, message& into) {
  // The header of a packet shorter than one holds what lay there before.
  if (packet_size < sizeof header || header.mark != queue_packet_mark) return false;
  const std::uint64_t sum =
      std::uint64_t{header.traceparent_size} + header.tracestate_size + header.baggage_size + header.body_size;
  if (sum != packet_size - sizeof header) return false;
  const auto take = [&](std::uint32_t size) {
    const std::string_view part(payload, size);
    payload += size;
    return part;
  };
  into.traceparent = take(header.traceparent_size);
  into.tracestate = take(header.tracestate_size);
  into.baggage = take(header.baggage_size);
  into.body = take(header.body_size);
  return true;
}

}  // namespace lineshaft::local
