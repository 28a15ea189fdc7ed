#include "local/envelope.hpp"

#include <algorithm>
#include <cstring>

namespace lineshaft::local {

namespace {

// Takes one message off the front. False, unless it is there as a whole.
bool decode_message(std::string_view& from, message& into) {
  queue_message_header header;
  if (from.size() < sizeof header) return false;
  std::memcpy(&header, from.data(), sizeof header);
  from.remove_prefix(sizeof header);
  const std::uint64_t sum =
      std::uint64_t{header.traceparent_size} + header.tracestate_size + header.baggage_size + header.body_size;
  if (sum > from.size()) return false;
  const auto take = [&](std::uint32_t size) {
    const auto part = from.substr(0, size);
    from.remove_prefix(size);
    return part;
  };
  into.traceparent = take(header.traceparent_size);
  into.tracestate = take(header.tracestate_size);
  into.baggage = take(header.baggage_size);
  into.body = take(header.body_size);
  return true;
}

}  // namespace

std::size_t message_size(const message& of) {
  return sizeof(queue_message_header) + of.traceparent.size() + of.tracestate.size() + of.baggage.size() +
         of.body.size();
}

queue_packet_header packet_header(std::size_t messages) {
  return {.mark = queue_packet_mark, .messages = static_cast<std::uint32_t>(messages), .reserved = 0};
}

queue_message_header message_header(const message& of) {
  return {.traceparent_size = static_cast<std::uint32_t>(of.traceparent.size()),
          .tracestate_size = static_cast<std::uint32_t>(of.tracestate.size()),
          .baggage_size = static_cast<std::uint32_t>(of.baggage.size()),
          .body_size = static_cast<std::uint32_t>(of.body.size())};
}

char* encode(const message& of, char* to) {
  const auto header = message_header(of);
  std::memcpy(to, &header, sizeof header);
  to += sizeof header;
  for (const auto part : {of.traceparent, of.tracestate, of.baggage, of.body}) {
    to = std::ranges::copy(part, to).out;
  }
  return to;
}

std::size_t decode(const queue_packet_header& header, const char* payload, std::size_t packet_size, message* into) {
  // The header of a packet shorter than one holds what lay there before.
  if (packet_size < sizeof header || header.mark != queue_packet_mark) return 0;
  if (header.messages > queue_packet_messages) return 0;
  std::string_view left(payload, packet_size - sizeof header);
  for (std::size_t i = 0; i < header.messages; ++i) {
    if (!decode_message(left, into[i])) return 0;
  }
  return left.empty() ? header.messages : 0;
}

}  // namespace lineshaft::local
