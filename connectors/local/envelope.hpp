#pragma once
// A message as a packet: a header of fixed size, then traceparent, tracestate, baggage and the body.
#include <cstddef>
#include <string_view>

#include "lineshaft/queue.hpp"
#include "lineshaft/queue_account.hpp"

namespace lineshaft::local {

/// The bytes of the packet that carries `of`.
std::size_t packet_size(const message& of);

/// The header of the packet that carries `of`, which is known to fit into one.
queue_packet_header header_of(const message& of);

/// Reads a packet of `packet_size` bytes, header included, whose part behind the header begins at `payload`.
/// Trusts nothing: false, and `into` untouched, unless every byte is accounted for.
bool decode(const queue_packet_header& header, const char* payload, std::size_t packet_size, message& into);

}  // namespace lineshaft::local
