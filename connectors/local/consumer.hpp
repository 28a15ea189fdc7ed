#pragma once
// A receiving end of a held queue: competes with the other consumers for each message.
#include <sys/socket.h>

#include <array>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include "lineshaft/queue.hpp"
#include "lineshaft/worker.hpp"
#include "local/account_writer.hpp"
#include "local/mapping.hpp"

namespace lineshaft::local {

class consumer final : public queue_consumer {
 public:
  /// `name` is for errors.
  static result<std::unique_ptr<consumer>> open(boost::asio::any_io_executor executor, std::string name,
                                                held_queue held);

  boost::asio::awaitable<result<message_batch>> receive() override;
  void done(std::size_t count) override;
  void done() override { done(messages_in_batch_ - done_in_batch_); }

 private:
  consumer(const boost::asio::any_io_executor& executor, std::string name, unique_fd socket, mapping account,
           mapping slots);

  consumer_account& memory() const { return *reinterpret_cast<consumer_account*>(memory_.data()); }
  char* slot(std::size_t index) const;
  /// One recvmmsg(): how many packets came, 0 if the queue is empty.
  result<std::size_t> take();
  message_batch decode_packets(std::size_t count);

  std::string name_;
  boost::asio::posix::stream_descriptor socket_;
  mapping memory_, slots_;
  consumer_account_writer<> account_;
  std::size_t messages_in_batch_ = 0, done_in_batch_ = 0;
  std::array<std::array<iovec, 2>, queue_call_packets> parts_{};
  std::array<mmsghdr, queue_call_packets> packets_{};
  std::array<message, queue_batch_limit> messages_{};
};

}  // namespace lineshaft::local
