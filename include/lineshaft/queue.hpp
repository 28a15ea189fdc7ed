#pragma once
// Queues: messages from producers to competing consumers, each message to one of them.
// An end is owned by the worker that opened it and used from its event loop's thread alone,
// by one coroutine at a time.
#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "lineshaft/connect.hpp"
#include "lineshaft/error.hpp"
#include "lineshaft/trace_context.hpp"

namespace lineshaft {

class worker_context;

/// One message: a body of any bytes, and the trace context of its sender as W3C header values.
/// Views: the sender keeps them alive during send(), the consumer until the next receive().
struct message {
  std::string_view body;
  /// Empty in a message to be sent: the sender's current context goes with it.
  std::string_view traceparent, tracestate, baggage;

  /// A copy of the sender's context, for a context_scope.
  trace_context context() const { return {std::string(traceparent), std::string(tracestate), std::string(baggage)}; }
};

/// What one receive() took.
struct message_batch {
  std::span<const message> messages;
  std::size_t malformed = 0;  ///< packets that were no messages: dropped, to be counted as decoding errors

  auto begin() const { return messages.begin(); }
  auto end() const { return messages.end(); }
  std::size_t size() const { return messages.size(); }
};

class queue_producer {
 public:
  virtual ~queue_producer() = default;
  /// Sends all of `batch`, in order; waits while the queue is full. If one message is longer than
  /// `largest_message()` allows, it is an error and none is sent. After any other error, or a cancellation
  /// (an error too: operation_canceled), the first part of the batch may have been sent: see sent().
  /// `batch` has to outlive the call.
  virtual boost::asio::awaitable<result<>> send(std::span<const message> batch) = 0;
  /// The most bytes that a message may have, its trace context included.
  virtual std::size_t largest_message() const = 0;
  /// How many messages the queue has taken from this producer.
  virtual std::uint64_t sent() const = 0;
};

class queue_consumer {
 public:
  virtual ~queue_consumer() = default;
  /// Waits until there is at least one message and takes what there is, up to 512. Whatever of the batch
  /// before was not said to be done is done by asking for the next one, and its views end.
  /// Cancellation is the error operation_canceled; it never loses a message.
  virtual boost::asio::awaitable<result<message_batch>> receive() = 0;
  /// The next `count` messages of the batch have been handled: if this process dies, they are not lost.
  /// Wait-free, one store for a local queue.
  virtual void done(std::size_t count) = 0;
  /// The rest of the batch has been handled.
  virtual void done() = 0;
};

/// Opens one end of the queue that `url` names, "local:trades". The context has to outlive it.
opening<queue_producer> open_producer(worker_context& context, std::string url);
opening<queue_consumer> open_consumer(worker_context& context, std::string url);

}  // namespace lineshaft
