#pragma once
// Reads what all workers of one manager print, on one thread that sleeps while they are silent and never waits for a
// disk.
#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "output/capture.hpp"
#include "output/patient_thread.hpp"
#include "sys/poll.hpp"

namespace lineshaft::output {

/// Callable from any thread.
class collector {
 public:
  /// `wake` is an eventfd: signalled by whoever has made room for those that wait.
  static result<std::unique_ptr<collector>> start(std::shared_ptr<const unique_fd> wake);
  collector(sys::poller poller, std::shared_ptr<const unique_fd> wake);
  ~collector();

  /// Reads from it until nobody can write any more.
  result<> add(std::shared_ptr<capture> captured);
  /// Who still holds its pipes, when the process itself has ended, is read for a while longer and no more.
  void process_ended(const std::shared_ptr<capture>& captured);

 private:
  using clock = std::chrono::steady_clock;
  struct pipe_end {
    std::shared_ptr<capture> captured;
    stream of;
  };
  struct lingering {
    std::shared_ptr<capture> captured;
    clock::time_point until;
  };

  void run();
  void read(int pipe, read_buffer& buffer);
  void remove(int pipe);
  void remove_all_of(const capture& captured);
  void try_again();
  void give_up_those_overdue(read_buffer& buffer);
  std::optional<std::chrono::milliseconds> until_next();
  bool closing();

  sys::poller poller_;
  const std::shared_ptr<const unique_fd> wake_;
  std::mutex mutex_;
  std::map<int, pipe_end> ends_;
  std::deque<lingering> lingering_;  ///< in the order of their ends
  std::vector<int> waiting_;         ///< for room: not polled
  bool closing_ = false;
  patient_thread thread_;
};

}  // namespace lineshaft::output
