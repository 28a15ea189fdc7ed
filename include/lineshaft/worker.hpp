#pragma once
// What a user writes: a class derived from `worker`. One object of it lives in a process of its own,
// on one event loop, and only that loop's thread calls it.
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <string_view>

#include "lineshaft/error.hpp"
#include "lineshaft/metrics.hpp"
#include "lineshaft/unique_fd.hpp"

namespace lineshaft {

/// The base of every worker class. The class also gives `static constexpr std::string_view class_name`,
/// a nested type `options` (described with Boost.Describe) and a constructor `(options, worker_context&)`.
class worker {
 public:
  virtual ~worker() = default;
  /// The work. May run for the worker's life, or start background tasks and return. Cancelled (Asio's way) when
  /// shutdown begins. May throw: the text reaches the manager, stop() still runs, the process exits with 70.
  virtual boost::asio::awaitable<void> start() = 0;
  /// The clean-up. Called exactly once for each object made, inside what is left of the stop budget. May throw, too.
  virtual boost::asio::awaitable<void> stop();
};

namespace runtime {
class context_state;
}

/// What a held queue is opened for.
enum class queue_role : std::uint32_t { producer, consumer };

/// What the manager hands a worker for one end of a held queue; `open_producer`, `open_consumer` make use of it.
struct held_queue {
  unique_fd socket;   ///< SOCK_SEQPACKET, one message a packet; shared with the other workers of the same role
  unique_fd account;  ///< shared memory in which this process accounts for what it sent or took
};

/// The worker's side of its process. Lives as long as the worker; used from its event loop's thread alone.
class worker_context {
 public:
  explicit worker_context(runtime::context_state& state) : state_(&state) {}
  worker_context(const worker_context&) = delete;
  worker_context& operator=(const worker_context&) = delete;

  std::string_view name() const;
  std::uint32_t generation() const;
  /// The one event loop of this process. Each handler that runs through it is a beat in the status block.
  boost::asio::any_io_executor executor() const;
  /// False from the moment shutdown begins.
  bool running() const;
  worker_metrics& metrics();
  /// Says that the worker is ready, if it was started with `ready_when::notify`. Again is harmless.
  void ready();
  /// Says that it is not ready any more, for example because something that it needs is gone. `ready()` takes it
  /// back. Workers that are to be launched after it wait meanwhile; those that run are left alone.
  void unready();
  /// The work is done: shutdown begins, and its end is a success (`completed`, unless restarts are `always`).
  void finish();
  /// One end of the queue `name` that the manager holds (and makes, the first time it is asked for).
  boost::asio::awaitable<result<held_queue>> open_queue(std::string_view name, queue_role role);
  /// A listening socket that the manager holds (and makes, the first time it is asked for): "127.0.0.1:8080",
  /// "[::1]:8080", "unix:PATH". Non-blocking and close-on-exec, shared with whoever asks for the same: connections
  /// in its backlog outlive any worker. Closing it closes this worker's descriptor alone.
  boost::asio::awaitable<result<unique_fd>> listen(std::string_view endpoint);

 private:
  runtime::context_state* state_;
};

}  // namespace lineshaft
