#pragma once
// Writes all files of one manager on a thread of its own: it alone waits for a disk. What waits for it is bounded by
// the admission of whoever reads from the workers.
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "output/admission.hpp"
#include "output/log_file.hpp"
#include "output/patient_thread.hpp"

namespace lineshaft::output {

/// What waits for one file. Everything but the file itself is guarded by the writer's lock.
struct log_queue {
  explicit log_queue(log_file log) : file(std::move(log)) {}

  log_file file;  ///< the writer's thread alone
  log_terms terms;
  std::vector<std::string> waiting;
  std::size_t bytes = 0;  ///< of all that is not written yet
  std::uint64_t given = 0, done = 0;
  unsigned users = 0;  ///< processes that write to it
  bool scheduled = false;
  bool made_wait = false;  ///< somebody waits for room
};

/// Callable from any thread.
class log_writer : public std::enable_shared_from_this<log_writer> {
 public:
  /// `has_room` is called on the writer's thread when those that were told to wait may ask again.
  explicit log_writer(std::function<void()> has_room);

  result<> start();
  /// Ends when all is written, or is left behind.
  void close(std::chrono::milliseconds patience);

  /// The file of a worker, for one process more. `folder` is that of the first.
  std::shared_ptr<log_queue> join(const std::shared_ptr<const unique_fd>& folder, const std::string& worker,
                                  log_terms terms);
  /// One process less: without any the file is closed, once all is written.
  void leave(const std::shared_ptr<log_queue>& queue);

  /// An empty text with memory that was used before: taking fresh pages for every batch costs more than filling them.
  std::string spare();
  admission ask(log_queue& queue);
  admission ask_for_last_words(log_queue& queue) const;
  void give(const std::shared_ptr<log_queue>& queue, std::string lines);

  /// Waits until what was given is written, but not beyond `until`.
  void flush(std::chrono::steady_clock::time_point until);

 private:
  void run();
  void serve(const std::shared_ptr<log_queue>& queue, std::unique_lock<std::mutex>& lock);
  void account_for(log_queue& queue, std::span<std::string> chunks);
  void schedule(const std::shared_ptr<log_queue>& queue);
  std::shared_ptr<log_series> series_of(const std::shared_ptr<const unique_fd>& folder, const std::string& worker);

  const std::function<void()> has_room_;
  const std::shared_ptr<compressor> old_files_ = std::make_shared<compressor>();
  mutable std::mutex mutex_;
  std::condition_variable work_, written_;
  std::map<std::string, std::shared_ptr<log_queue>, std::less<>> queues_;
  /// There is one series of a log at a time: the compressor may be busy with a file of one that is not written to.
  std::map<std::string, std::weak_ptr<log_series>, std::less<>> series_;
  std::deque<std::shared_ptr<log_queue>> scheduled_;
  std::size_t total_ = 0;
  std::vector<std::string> spare_;
  bool made_wait_by_all_ = false;  ///< somebody waits although its own file is not behind
  bool closing_ = false;
  patient_thread thread_;
};

}  // namespace lineshaft::output
