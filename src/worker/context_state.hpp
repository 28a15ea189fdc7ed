#pragma once
// What a worker_context refers to: the parts of a worker's process that its code can reach.
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "channel/launch_messages.hpp"
#include "channel/packet_stream.hpp"
#include "channel/worker_messages.hpp"
#include "lineshaft/metrics.hpp"
#include "lineshaft/worker.hpp"
#include "status/block_writer.hpp"

namespace lineshaft::runtime {

/// Lives as long as the worker's process; only the event loop's thread touches it.
class context_state {
 public:
  context_state(const channel::worker_image& image, status::block_writer& block);

  using on_opened = std::function<void(result<std::vector<unique_fd>>)>;

  /// Says something to the manager.
  void tell(const channel::worker_message& message);
  /// Ask the manager for what it holds: one end of a queue, a listening socket. If the manager is gone, or goes, the
  /// answer is an error.
  void ask_for_queue(std::string_view name, queue_role role, on_opened answered);
  void ask_for_socket(std::string_view endpoint, on_opened answered);
  void held_opened(const channel::opened& answer, std::vector<unique_fd> descriptors);
  void manager_gone();

  const channel::worker_image& image;
  boost::asio::io_context loop{1};
  status::block_writer& block;
  worker_metrics metrics;
  boost::asio::any_io_executor executor;
  std::optional<channel::packet_stream> manager;
  std::function<void()> finish;  ///< begins the end with success
  bool running = true;
  std::chrono::steady_clock::time_point leave_until{};  ///< when the process will be killed; once shutdown has begun

 private:
  std::uint32_t remember(on_opened answered);

  std::uint32_t asked_ = 0;
  std::map<std::uint32_t, on_opened> waiting_;
};

}  // namespace lineshaft::runtime
