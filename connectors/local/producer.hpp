#pragma once
// The sending end of a held queue.
#include <sys/socket.h>

#include <array>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include "lineshaft/queue.hpp"
#include "lineshaft/worker.hpp"
#include "local/account_writer.hpp"
#include "local/mapping.hpp"

namespace lineshaft::local {

class producer final : public queue_producer {
 public:
  /// `name` is for errors.
  static result<std::unique_ptr<producer>> open(boost::asio::any_io_executor executor, std::string name,
                                                held_queue held);

  boost::asio::awaitable<result<>> send(std::span<const message> batch) override;
  std::size_t largest_message() const override { return packet_limit_ - packet_overhead; }
  std::uint64_t sent() const override { return account_.sent(); }

 private:
  static constexpr std::size_t packet_overhead = sizeof(queue_packet_header) + sizeof(queue_message_header);

  producer(const boost::asio::any_io_executor& executor, std::string name, unique_fd socket, mapping account,
           mapping slots, std::size_t packet_limit);

  result<> check_sizes(std::span<const message> batch, const trace_context& context) const;
  /// One sendmmsg() of the first messages of `batch`: how many were sent, 0 if the queue is full.
  result<std::size_t> send_some(std::span<const message> batch, const trace_context& context);
  /// Makes a packet of the first messages of `batch`, as many as go into one: how many they are.
  std::size_t pack(std::size_t packet, std::span<const message> batch, const trace_context& context);
  mmsghdr* packets() const;

  std::string name_;
  boost::asio::posix::stream_descriptor socket_;
  mapping memory_, slots_;
  producer_account_writer<> account_;
  std::size_t packet_limit_;
  std::size_t since_yield_ = 0;
  std::array<std::array<iovec, 5>, queue_call_packets> parts_{};
};

}  // namespace lineshaft::local
