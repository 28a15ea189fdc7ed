#include "local/producer.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <numeric>

#include "local/envelope.hpp"

namespace lineshaft::local {

namespace asio = boost::asio;

// The kernel stores what it sent through a mmsghdr; the manager reads it as a producer_account::packet.
static_assert(sizeof(mmsghdr) == sizeof(producer_account::packet));
static_assert(offsetof(mmsghdr, msg_len) == offsetof(producer_account::packet, length));
static_assert(offsetof(mmsghdr, msg_len) + sizeof(mmsghdr::msg_len) == offsetof(producer_account::packet, messages));

namespace {

bool has_no_context(const message& of) { return of.traceparent.empty() && of.tracestate.empty() && of.baggage.empty(); }

message with_context(message of, const trace_context& context) {
  if (has_no_context(of)) {
    of.traceparent = context.traceparent;
    of.tracestate = context.tracestate;
    of.baggage = context.baggage;
  }
  return of;
}

// Short messages are copied into a packet that they share: a system call costs by the packet. Such a packet is no
// longer than a page, so that a receive slot with short messages in it is no more than that either.
constexpr std::size_t slot_size = 4096;

// unix(7) sockets take a packet that fits into the send buffer with 32 bytes to spare, or none at all.
result<std::size_t> find_packet_limit(int socket) {
  int buffer = 0;
  socklen_t size = sizeof buffer;
  if (::getsockopt(socket, SOL_SOCKET, SO_SNDBUF, &buffer, &size) != 0) {
    return fail(std::error_code(errno, std::system_category()), "cannot find the size of a queue's buffer");
  }
  constexpr int spare = 32;
  return std::min(static_cast<std::size_t>(std::max(buffer - spare, 0)), queue_packet_limit);
}

}  // namespace

result<std::unique_ptr<producer>> producer::open(asio::any_io_executor executor, std::string name, held_queue held) {
  auto account = mapping::shared(held.account.get(), sizeof(producer_account));
  if (!account) return std::unexpected(std::move(account.error()));
  const auto limit = find_packet_limit(held.socket.get());
  if (!limit) return std::unexpected(limit.error());
  if (*limit <= slot_size) return fail("cannot use queue '" + name + "': its buffer is too small");
  auto slots = mapping::sparse(slot_size * queue_call_packets);
  if (!slots) return std::unexpected(std::move(slots.error()));
  return std::unique_ptr<producer>(
      new producer(executor, std::move(name), std::move(held.socket), std::move(*account), std::move(*slots), *limit));
}

producer::producer(const asio::any_io_executor& executor, std::string name, unique_fd socket, mapping account,
                   mapping slots, std::size_t packet_limit)
    : name_(std::move(name)),
      socket_(executor, socket.release()),
      memory_(std::move(account)),
      slots_(std::move(slots)),
      account_(*reinterpret_cast<producer_account*>(memory_.data())),
      packet_limit_(packet_limit) {}

asio::awaitable<result<>> producer::send(std::span<const message> batch) {
  const bool needs_context = std::ranges::any_of(batch, has_no_context);
  const auto context = needs_context ? current_trace_context() : trace_context();
  if (auto fits = check_sizes(batch, context); !fits) co_return fits;
  while (!batch.empty()) {
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none)
      co_return fail(std::errc::operation_canceled, "cannot send to queue '" + name_ + "'");
    const auto sent = send_some(batch, context);
    if (!sent) co_return std::unexpected(sent.error());
    batch = batch.subspan(*sent);
    since_yield_ += *sent;
    if (*sent == 0) {
      co_await socket_.async_wait(asio::posix::descriptor_base::wait_write, asio::as_tuple(asio::use_awaitable));
      since_yield_ = 0;
    } else if (since_yield_ >= queue_batch_limit) {
      // A queue that is never full must not keep the event loop from anything else.
      co_await asio::post(socket_.get_executor(), asio::as_tuple(asio::use_awaitable));
      since_yield_ = 0;
    }
  }
  co_return result<>();
}

result<> producer::check_sizes(std::span<const message> batch, const trace_context& context) const {
  for (const auto& each : batch) {
    const auto size = message_size(with_context(each, context)) - sizeof(queue_message_header);
    if (size <= largest_message()) continue;
    return fail(std::errc::message_size, "cannot send a message of " + std::to_string(size) +
                                             " bytes, trace context included, to queue '" + name_ + "': the limit is " +
                                             std::to_string(largest_message()));
  }
  return {};
}

result<std::size_t> producer::send_some(std::span<const message> batch, const trace_context& context) {
  account_.begin_batch();
  std::array<std::size_t, queue_call_packets> messages;
  unsigned count = 0;
  for (; count < queue_call_packets && !batch.empty(); ++count) {
    messages[count] = pack(count, batch, context);
    batch = batch.subspan(messages[count]);
  }
  const int sent = ::sendmmsg(socket_.native_handle(), packets(), count, MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent >= 0) {
    const auto all = std::accumulate(messages.begin(), messages.begin() + sent, std::size_t{0});
    account_.count(all);
    return all;
  }
  if (errno == EAGAIN || errno == EINTR) return 0;
  return fail(std::error_code(errno, std::system_category()), "cannot send to queue '" + name_ + "'");
}

std::size_t producer::pack(std::size_t packet, std::span<const message> batch, const trace_context& context) {
  auto* const begin = reinterpret_cast<char*>(slots_.data()) + packet * slot_size;
  auto* end = begin + sizeof(queue_packet_header);
  auto& parts = parts_[packet];
  std::size_t messages = 0, used_parts = 1;
  for (const auto& each : batch.first(std::min(batch.size(), queue_packet_messages))) {
    const auto full = with_context(each, context);
    if (message_size(full) <= static_cast<std::size_t>(begin + slot_size - end)) {
      end = encode(full, end);
      ++messages;
      continue;
    }
    if (messages > 0) break;
    // A long one goes from where it lies, alone.
    const auto header = message_header(full);
    std::memcpy(end, &header, sizeof header);
    end += sizeof header;
    for (const auto part : {full.traceparent, full.tracestate, full.baggage, full.body}) {
      if (!part.empty()) parts[used_parts++] = {const_cast<char*>(part.data()), part.size()};
    }
    messages = 1;
    break;
  }
  const auto header = packet_header(messages);
  std::memcpy(begin, &header, sizeof header);
  parts[0] = {begin, static_cast<std::size_t>(end - begin)};
  account_.plan(packet, static_cast<std::uint32_t>(messages));
  packets()[packet].msg_hdr = {};
  packets()[packet].msg_hdr.msg_iov = parts.data();
  packets()[packet].msg_hdr.msg_iovlen = used_parts;
  return messages;
}

mmsghdr* producer::packets() const {
  return reinterpret_cast<mmsghdr*>(reinterpret_cast<producer_account*>(memory_.data())->packets.data());
}

}  // namespace lineshaft::local
