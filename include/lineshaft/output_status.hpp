#pragma once
// What became of a worker's captured output.
#include <cstdint>
#include <string>

namespace lineshaft {

/// Over all generations of the worker. All 0 where nothing is captured.
struct output_status {
  std::uint64_t lines = 0, bytes = 0;            ///< read from the worker, without what was put before each line
  std::uint64_t lost_lines = 0, lost_bytes = 0;  ///< of them: dropped, or not written because the disk was full
  std::string error;                             ///< why its file cannot be written or rotated, while it cannot
};

}  // namespace lineshaft
