#include "local/producer.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <cstddef>

#include "local/envelope.hpp"

namespace lineshaft::local {

namespace asio = boost::asio;

// The kernel stores what it sent through a mmsghdr; the manager reads it as a producer_account::packet.
static_assert(sizeof(mmsghdr) == sizeof(producer_account::packet));
static_assert(offsetof(mmsghdr, msg_len) == offsetof(producer_account::packet, length));

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
  if (*limit <= sizeof(queue_packet_header)) return fail("cannot use queue '" + name + "': its buffer is too small");
  return std::unique_ptr<producer>(
      new producer(std::move(executor), std::move(name), std::move(held.socket), std::move(*account), *limit));
}

producer::producer(asio::any_io_executor executor, std::string name, unique_fd socket, mapping account,
                   std::size_t packet_limit)
    : name_(std::move(name)),
      socket_(std::move(executor), socket.release()),
      memory_(std::move(account)),
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
    const auto size = packet_size(with_context(each, context));
    if (size <= packet_limit_) continue;
    return fail(std::errc::message_size, "cannot send a message of " +
                                             std::to_string(size - sizeof(queue_packet_header)) +
                                             " bytes, trace context included, to queue '" + name_ + "': the limit is " +
                                             std::to_string(largest_message()));
  }
  return {};
}

result<std::size_t> producer::send_some(std::span<const message> batch, const trace_context& context) {
  const auto count = std::min(batch.size(), queue_batch_limit);
  for (std::size_t i = 0; i < count; ++i) describe(i, with_context(batch[i], context));
  account_.begin_batch();
  auto* packets = reinterpret_cast<mmsghdr*>(reinterpret_cast<producer_account*>(memory_.data())->packets.data());
  const int sent =
      ::sendmmsg(socket_.native_handle(), packets, static_cast<unsigned>(count), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent >= 0) {
    account_.count(static_cast<std::uint64_t>(sent));
    return static_cast<std::size_t>(sent);
  }
  if (errno == EAGAIN || errno == EINTR) return 0;
  return fail(std::error_code(errno, std::system_category()), "cannot send to queue '" + name_ + "'");
}

void producer::describe(std::size_t slot, const message& of) {
  headers_[slot] = header_of(of);
  auto& parts = parts_[slot];
  std::size_t count = 0;
  parts[count++] = {&headers_[slot], sizeof headers_[slot]};
  for (const auto part : {of.traceparent, of.tracestate, of.baggage, of.body}) {
    if (!part.empty()) parts[count++] = {const_cast<char*>(part.data()), part.size()};
  }
  auto& header =
      reinterpret_cast<mmsghdr*>(reinterpret_cast<producer_account*>(memory_.data())->packets.data())[slot].msg_hdr;
  header = {};
  header.msg_iov = parts.data();
  header.msg_iovlen = count;
}

}  // namespace lineshaft::local
