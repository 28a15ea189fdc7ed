#pragma once
// The reading side of a status block: any thread, any process, at any time, without disturbing the writer.
// Trusts nothing in the memory: whatever a worker has scribbled over it, reading ends and does not fault.
#include <chrono>
#include <cstddef>
#include <span>

#include "lineshaft/status.hpp"

namespace lineshaft::status {

/// Everything the worker counts. Empty figures for memory that is too small or no status block.
worker_figures read_figures(std::span<const std::byte> memory);

struct beat_reading {
  std::chrono::steady_clock::time_point last{};  ///< never: the clock's beginning
  loop_state loop = loop_state::none;
};
beat_reading read_beat(std::span<const std::byte> memory);

}  // namespace lineshaft::status
