#pragma once
// Lines for a descriptor whose reader may be slow, have stopped, or have gone: who writes them waits for nobody. A
// thread of its own hands them to the kernel. What does not fit in the buffer, or on a disk that is full, is counted,
// and told when there is room.
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>

namespace lineshaft::cli {

class line_writer {
 public:
  /// The line that stands in the place of so many others.
  using gap_line = std::function<std::string(std::uint64_t lost)>;

  /// By the thread that writes, after it has, or could not.
  using on_tried = std::function<void()>;

  /// The descriptor outlives the process.
  line_writer(int fd, gap_line gap, on_tried tried = {}, std::size_t most_bytes = 1 << 20);
  /// What is in the buffer has a second to be read.
  ~line_writer();
  line_writer(const line_writer&) = delete;
  line_writer& operator=(const line_writer&) = delete;

  /// From any thread.
  void write(std::string line);

 private:
  struct state;
  static void run(const std::shared_ptr<state>& shared);

  // Shared with the thread, which may be inside write(2) for as long as nobody reads.
  std::shared_ptr<state> shared_;
  std::thread thread_;
};

}  // namespace lineshaft::cli
