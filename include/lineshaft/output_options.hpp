#pragma once
// Where the standard output and standard error of a worker go.
#include <chrono>
#include <cstdint>
#include <optional>

namespace lineshaft {

enum class output_to {
  file,     ///< captured: each line with time, worker, generation and stream into `log_dir/NAME.log`, rotated
  memory,   ///< captured: the last lines alone, for the exit record
  inherit,  ///< those of the manager's program
  null,     ///< nowhere
};

/// What becomes of captured output that the file cannot take fast enough.
enum class output_overflow {
  block,  ///< the worker waits in its write; nothing is lost
  drop,   ///< the worker never waits; what is lost is counted, and a line in the file says how much
};

/// A file that cannot be written at all (a full disk) blocks nobody: what is lost is counted and told, as with `drop`.
struct output_options {
  std::optional<output_to> to;  ///< none: a file where the manager has a `log_dir`, else inherited
  output_overflow when_full = output_overflow::block;
  std::uint64_t rotate_size = 50 * 1024 * 1024;                   ///< bytes; 0: not by size
  std::uint32_t rotate_count = 10;                                ///< old files that are kept
  std::chrono::milliseconds rotate_age = std::chrono::hours(24);  ///< at the next line after it; 0: not by age
  bool compress = true;                                           ///< old files, by zstd
};

}  // namespace lineshaft
