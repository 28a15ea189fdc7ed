#pragma once
// One end of a channel on an event loop: packets come as calls, packets to be sent wait their turn.
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <vector>

#include "channel/packet.hpp"

namespace lineshaft::channel {

/// Owned by one object of the loop's thread, and used from that thread alone. After its destruction, or
/// `close()`, no handler runs any more. Costs no wake-up while nothing comes.
class packet_stream {
 public:
  using on_packet = std::function<void(packet)>;
  using on_end = std::function<void()>;

  /// `arrived` runs for each packet, `ended` once: when the peer is gone.
  packet_stream(boost::asio::io_context& loop, unique_fd socket, on_packet arrived, on_end ended);
  ~packet_stream();
  packet_stream(const packet_stream&) = delete;
  packet_stream& operator=(const packet_stream&) = delete;

  /// Sends now, or when the peer has room. An error says why this packet cannot be sent, and it is dropped;
  /// of a peer that is gone `ended` tells, and of nothing else: what this process lacks for a while is waited for.
  result<> send(std::vector<std::byte> bytes, std::vector<unique_fd> descriptors = {});
  /// Hands on what has arrived already, without waiting: all that a socket holds, not what a peer adds meanwhile.
  void drain();
  void close();

 private:
  struct state;
  std::shared_ptr<state> state_;
};

}  // namespace lineshaft::channel
