#pragma once
// The shared memory in which one process accounts for one end of a local queue: written by the process,
// read by the manager, also after the process died at any instruction whatever. The kernel itself does the
// bookkeeping of what was sent or taken, since a batch's packet headers lie in here; decision 0040 has the proof.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace lineshaft {

enum class queue_role : std::uint32_t;

/// The most packets that one system call sends or takes, and the most messages in one of them.
inline constexpr std::size_t queue_call_packets = 64, queue_packet_messages = 8;
/// The most messages that one system call sends or takes.
inline constexpr std::size_t queue_batch_limit = queue_call_packets * queue_packet_messages;
/// The most bytes of a packet, its header included. The socket's own limit may be lower.
inline constexpr std::size_t queue_packet_limit = std::size_t{256} * 1024;

/// What every packet of a local queue begins with; then its messages, one after the other.
struct queue_packet_header {
  std::uint64_t mark;  ///< `queue_packet_mark`: never 0, by which a filled slot is known
  std::uint32_t messages;
  std::uint32_t reserved;
};
static_assert(sizeof(queue_packet_header) == 16 && std::is_standard_layout_v<queue_packet_header>);
inline constexpr std::uint64_t queue_packet_mark = 0x3251'4c41'434f'4c7f;

/// What every message in a packet begins with; then the three texts of the context, then the body.
struct queue_message_header {
  std::uint32_t traceparent_size, tracestate_size, baggage_size, body_size;
};
static_assert(sizeof(queue_message_header) == 16 && std::is_standard_layout_v<queue_message_header>);

/// The account of a producer. `packets` are the mmsghdr of sendmmsg(2): the kernel stores the length of each
/// packet that it has sent into it. How many messages are in it stands there before, where mmsghdr has padding.
struct producer_account {
  struct packet {
    std::array<std::byte, 56> header;
    std::uint32_t length;
    std::uint32_t messages;
  };
  std::uint64_t counted;      ///< sent so far, stored after each batch
  std::uint64_t batch_start;  ///< `counted` before the batch under way
  std::array<std::byte, 48> reserved;
  std::array<packet, queue_call_packets> packets;
};
static_assert(sizeof(producer_account) == 64 + 64 * queue_call_packets && std::is_standard_layout_v<producer_account>);

/// The account of a consumer. The kernel stores the header of each packet that it hands out into `headers`.
struct consumer_account {
  std::uint64_t done;         ///< handled so far
  std::uint64_t batch_start;  ///< `done` before the batch under way
  std::array<std::byte, 48> reserved;
  std::array<queue_packet_header, queue_call_packets> headers;
};
static_assert(sizeof(consumer_account) == 64 + 16 * queue_call_packets && std::is_standard_layout_v<consumer_account>);

/// How many messages the account takes a filled slot for, whatever it says: at least one, at most a packet full.
constexpr std::uint64_t accounted_messages(std::uint32_t stated) {
  return std::clamp<std::uint64_t>(stated, 1, queue_packet_messages);
}

/// How many bytes the shared memory of an account has to have; all of them 0 in the beginning.
std::size_t queue_account_size(queue_role role);

/// What one process did with a queue. Of a dead consumer, `in_flight` is lost.
struct queue_counts {
  std::uint64_t sent = 0;       ///< producer
  std::uint64_t done = 0;       ///< consumer
  std::uint64_t in_flight = 0;  ///< consumer: taken, not done; never above `queue_batch_limit`
  friend bool operator==(const queue_counts&, const queue_counts&) = default;
};

/// Reads an account of `queue_account_size()` bytes, 8-aligned. Exact when its process is dead or outside send()
/// and receive(); else what was true a moment ago, give or take the batch under way. Trusts nothing it finds: any bytes
/// give some figures.
queue_counts read_producer_account(const std::byte* account) noexcept;
queue_counts read_consumer_account(const std::byte* account) noexcept;

}  // namespace lineshaft
