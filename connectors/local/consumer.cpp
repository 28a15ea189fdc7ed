#include "local/consumer.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>

#include "local/envelope.hpp"

namespace lineshaft::local {

namespace asio = boost::asio;

namespace {
constexpr std::size_t payload_limit = queue_packet_limit - sizeof(queue_packet_header);
// A page and a cache line more than fits, so that the slots do not all begin in the same few cache sets.
constexpr std::size_t slot_stride = queue_packet_limit + 4096 + 64;
}  // namespace

result<std::unique_ptr<consumer>> consumer::open(asio::any_io_executor executor, std::string name, held_queue held) {
  auto account = mapping::shared(held.account.get(), sizeof(consumer_account));
  if (!account) return std::unexpected(std::move(account.error()));
  auto slots = mapping::sparse(slot_stride * queue_call_packets);
  if (!slots) return std::unexpected(std::move(slots.error()));
  return std::unique_ptr<consumer>(
      new consumer(executor, std::move(name), std::move(held.socket), std::move(*account), std::move(*slots)));
}

consumer::consumer(const asio::any_io_executor& executor, std::string name, unique_fd socket, mapping account,
                   mapping slots)
    : name_(std::move(name)),
      socket_(executor, socket.release()),
      memory_(std::move(account)),
      slots_(std::move(slots)),
      account_(memory()) {
  for (std::size_t i = 0; i < queue_call_packets; ++i) {
    parts_[i] = {{{&memory().headers[i], sizeof(queue_packet_header)}, {slot(i), payload_limit}}};
    packets_[i].msg_hdr.msg_iov = parts_[i].data();
    packets_[i].msg_hdr.msg_iovlen = parts_[i].size();
  }
}

char* consumer::slot(std::size_t index) const { return reinterpret_cast<char*>(slots_.data()) + index * slot_stride; }

asio::awaitable<result<message_batch>> consumer::receive() {
  done();
  messages_in_batch_ = done_in_batch_ = 0;
  account_.begin_batch();
  // A queue that is never empty must not keep the event loop from anything else.
  co_await asio::post(socket_.get_executor(), asio::as_tuple(asio::use_awaitable));
  for (;;) {
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) {
      co_return fail(std::errc::operation_canceled, "cannot receive from queue '" + name_ + "'");
    }
    const auto taken = take();
    if (!taken) co_return std::unexpected(taken.error());
    if (*taken > 0) co_return decode_packets(*taken);
    co_await socket_.async_wait(asio::posix::descriptor_base::wait_read, asio::as_tuple(asio::use_awaitable));
  }
}

result<std::size_t> consumer::take() {
  const auto fd = socket_.native_handle();
  const int taken = ::recvmmsg(fd, packets_.data(), static_cast<unsigned>(packets_.size()), MSG_DONTWAIT, nullptr);
  if (taken < 0) {
    if (errno == EAGAIN || errno == EINTR) return 0;
    return fail(std::error_code(errno, std::system_category()), "cannot receive from queue '" + name_ + "'");
  }
  // Nobody sends a packet of no bytes: it is how the end of the other side reads, again and again.
  auto count = static_cast<std::size_t>(taken);
  while (count > 0 && packets_[count - 1].msg_len == 0) --count;
  if (count == 0) return fail("cannot receive from queue '" + name_ + "': it is gone");
  return count;
}

message_batch consumer::decode_packets(std::size_t count) {
  std::size_t malformed = 0;
  std::uint64_t counted = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const bool whole = (packets_[i].msg_hdr.msg_flags & MSG_TRUNC) == 0;
    const auto& header = memory().headers[i];
    const auto found = whole ? decode(header, slot(i), packets_[i].msg_len, &messages_[messages_in_batch_]) : 0;
    messages_in_batch_ += found;
    if (found > 0) continue;
    ++malformed;
    // The account takes each non-zero mark for messages taken.
    counted += header.mark != 0 ? accounted_messages(header.messages) : 0;
  }
  if (counted > 0) account_.done(counted);
  return {.messages = std::span(messages_).first(messages_in_batch_), .malformed = malformed};
}

void consumer::done(std::size_t count) {
  count = std::min(count, messages_in_batch_ - done_in_batch_);
  if (count == 0) return;
  done_in_batch_ += count;
  account_.done(count);
}

}  // namespace lineshaft::local
