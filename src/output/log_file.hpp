#pragma once
// One worker's log: appended to, rotated, and never a reason to end: what cannot be written is counted, and told in the
// file once it can be written again. On the writer's thread alone.
#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "lineshaft/output_options.hpp"
#include "output/compressor.hpp"
#include "output/line_stamp.hpp"
#include "output/loss.hpp"

namespace lineshaft::output {

/// Under what a chunk is written: of the worker's latest generation.
struct log_terms {
  output_options how;
  std::uint32_t generation = 0;
  std::shared_ptr<account> counts;
};

class log_file {
 public:
  log_file(std::string worker, std::shared_ptr<log_series> series, std::shared_ptr<compressor> old_files);

  /// Each chunk is whole lines.
  void write(std::span<const std::string> chunks, log_terms terms);
  /// Gives the descriptor, so that it can be closed where nobody waits for it.
  unique_fd close() { return std::move(file_); }
  /// Lines were lost, and the file does not say so yet.
  bool owes_notice() const { return static_cast<bool>(lost_); }

 private:
  using clock = std::chrono::steady_clock;

  result<> open();
  void take(std::string_view chunk);
  void append();
  result<> append_ready();
  result<> write_all(std::span<std::string_view> texts);
  bool rotate();
  void compress_what_was_left();
  void lose(const error& why);
  std::string notice();

  std::string worker_;
  std::shared_ptr<log_series> series_;
  std::shared_ptr<compressor> old_files_;
  log_terms terms_;
  unique_fd file_;
  std::uint64_t size_ = 0;
  std::vector<std::string_view> ready_;  ///< to be appended next
  clock::time_point began_, rotate_not_before_;
  bool torn_ = false;  ///< the file ends in the middle of a line
  bool looked_for_old_ = false;
  loss lost_;
};

}  // namespace lineshaft::output
