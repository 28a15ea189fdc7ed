#pragma once
// What one process of a worker prints: the reading ends of its two pipes, cut into lines, the last of which are kept.
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "output/account.hpp"
#include "output/line_ring.hpp"
#include "output/line_stamp.hpp"
#include "output/log_writer.hpp"
#include "output/loss.hpp"
#include "output/recent_lines.hpp"
#include "sys/pipe.hpp"

namespace lineshaft::output {

/// Room for one read, and for the line that the read before has left unfinished.
class read_buffer {
 public:
  static constexpr std::size_t one_read = 64 * 1024;           ///< what a pipe holds unless told otherwise
  static constexpr std::size_t bytes_of_a_flood = 256 * 1024;  ///< what it holds once it was full

  std::span<char> bytes() { return {bytes_.get(), longest_line + one_read}; }

 private:
  std::unique_ptr<char[]> bytes_ = std::make_unique_for_overwrite<char[]>(longest_line + one_read);
};

/// Where lines go beside the ring.
struct log_target {
  std::shared_ptr<log_writer> writer;
  std::shared_ptr<log_queue> queue;
};

/// Where they can be looked at while they come.
struct line_tap {
  std::shared_ptr<recent_lines> lines;
  std::shared_ptr<const line_origin> origin;
};

/// Callable from any thread. Never waits: neither for the process nor for a disk.
class capture {
 public:
  enum class outcome {
    read,
    empty,  ///< for now
    wait,   ///< the file is behind, and its worker has to wait
    ended,  ///< nobody can write to this pipe any more
  };

  /// Without a target the last lines alone are kept.
  capture(line_stamp stamp, unique_fd out, unique_fd err, std::optional<log_target> target,
          std::shared_ptr<account> counts, line_tap tap);
  ~capture();
  capture(const capture&) = delete;
  capture& operator=(const capture&) = delete;

  int descriptor(stream of) const;

  /// One read.
  outcome read(stream of, read_buffer& buffer);
  /// The process has ended: takes what it has left in its pipes, and gives its last lines. From now on nobody waits.
  std::vector<std::string> process_ended();
  /// Nobody can write any more.
  bool ended() const;
  /// Does not read this one any more.
  void close(stream of);

 private:
  struct pipe_end {
    unique_fd pipe;
    std::string unfinished;  ///< a line whose newline has not come
    bool has_grown = false;
    bool over = false;
  };

  outcome read_some(stream of, std::span<char> buffer);
  static void grow(pipe_end& full);
  admission ask() const;
  void take(stream of, std::string_view text, admission verdict);
  void take_rest(stream of);
  void take_unfinished(stream of);
  void tell_loss(std::string& lines);
  void deliver(std::string lines);
  pipe_end& at(stream of) { return ends_[static_cast<std::size_t>(of)]; }

  mutable std::mutex mutex_;
  line_stamp stamp_;
  std::array<pipe_end, 2> ends_;
  std::optional<log_target> target_;
  std::shared_ptr<account> counts_;
  line_tap tap_;
  line_ring ring_;
  batch_tail tail_;
  loss lost_;
  bool process_ended_ = false;
};

}  // namespace lineshaft::output
