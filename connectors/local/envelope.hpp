#pragma once
// Messages as a packet: a header of fixed size, then up to `queue_packet_messages` messages, each with a header of its
// own, traceparent, tracestate, baggage and the body.
#include <cstddef>
#include <span>
#include <string_view>

#include "lineshaft/queue.hpp"
#include "lineshaft/queue_account.hpp"

namespace lineshaft::local {

/// The bytes that `of` takes in a packet, beside the packet's header.
std::size_t message_size(const message& of);

queue_packet_header packet_header(std::size_t messages);
/// For a message that is known to fit into a packet.
queue_message_header message_header(const message& of);
/// Writes a whole message to where there are `message_size()` bytes; gives the end.
char* encode(const message& of, char* to);

/// Reads a packet of `packet_size` bytes, header included, whose part behind the header begins at `payload`. Trusts
/// nothing: 0 unless every byte is accounted for, else how many messages it put into `into`, which has room for
/// `queue_packet_messages`.
std::size_t decode(const queue_packet_header& header, const char* payload, std::size_t packet_size, message* into);

}  // namespace lineshaft::local
