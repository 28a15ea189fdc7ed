#pragma once
// The asynchronous core of the manager: all workers of one manager, on one event loop, on one thread.
#include <boost/asio/io_context.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "supervisor/worker_entry.hpp"

namespace lineshaft::supervisor {

struct worker_timeout {
  std::string name;
  std::chrono::milliseconds stop_timeout{};
};

/// Everything but the constructor runs on the loop's thread. Answers are given once.
class supervisor {
 public:
  supervisor(boost::asio::io_context& loop, directory& directory);

  void start(worker_identity identity, start_options options, worker_entry::on_started answered);
  void stop(const std::string& name, stop_request request, worker_entry::on_stopped answered);
  void restart(const std::string& name, worker_entry::on_started answered);
  void wait_ready(const std::string& name, worker_entry::on_ready answered);
  bool forget(const std::string& name);
  /// Makes the fork server before it is needed.
  void prepare();
  /// The end of the fork server, after the last stop.
  void close(std::function<void()> closed);

  std::vector<worker_timeout> workers() const;
  std::vector<queue_status> queues() const { return queues_.status(); }
  pid_t fork_server() const { return launcher_.fork_server(); }

 private:
  worker_entry* find(const std::string& name);

  reaper reaper_;
  launcher launcher_;
  held_queues queues_;
  shared_parts parts_;
  std::map<std::string, std::unique_ptr<worker_entry>, std::less<>> workers_;
};

}  // namespace lineshaft::supervisor
