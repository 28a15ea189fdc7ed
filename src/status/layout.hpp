#pragma once
// The status block: the memory that one worker process writes and anyone may read while it does, and after.
// Fixed widths, no pointers, frozen by asserts: another build of the program may map it. One writer; every
// cell is an atomic of its own, so a reader sees each value whole, and never waits.
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace lineshaft::status {

inline constexpr std::uint32_t block_magic = 0x4c534831;  // "LSH1"
inline constexpr std::size_t most_declared = 64;
inline constexpr std::size_t longest_name = 47;

enum class metric_kind : std::uint32_t { none = 0, counter = 1, gauge = 2, flag = 3 };

/// The fixed metrics, in the order of their cells.
enum class fixed : std::uint8_t {
  processed,
  errors,
  decoding_errors,
  published,
  processing_errors,
  restarts,
  mdq_connected,
  mdc_connected,
};
inline constexpr std::size_t fixed_count = 8;

/// What became of what the process recorded for OpenTelemetry: written by any of its threads.
enum class telemetry_count : std::uint8_t {
  spans_recorded,
  spans_delivered,
  log_records_recorded,
  log_records_delivered,
  metric_exports_failed,  ///< since the last one that did not
};
inline constexpr std::size_t telemetry_counts = 5;

/// What the event loop's executor writes at the beginning and the end of each handler.
struct alignas(64) beat_cells {
  std::atomic<std::int64_t> last_ns;  ///< CLOCK_MONOTONIC
  std::atomic<std::uint32_t> loop;    ///< loop_state
  std::atomic<std::uint32_t> running;
};

struct metric_description {
  std::atomic<metric_kind> kind;  ///< stored last, with release: the rest is whole then
  char name[longest_name + 1];
  char help[76];
};

struct block_layout {
  std::atomic<std::uint32_t> magic;  ///< what this layout is; 0 until the worker's process has begun to write
  alignas(8) std::atomic<std::uint64_t> telemetry[telemetry_counts];
  beat_cells beat;
  alignas(64) std::atomic<std::uint64_t> fixed[fixed_count];
  alignas(64) std::atomic<std::uint64_t> declared[most_declared];
  metric_description descriptions[most_declared];
};

static_assert(std::atomic<std::uint64_t>::is_always_lock_free && std::atomic<metric_kind>::is_always_lock_free);
static_assert(sizeof(beat_cells) == 64 && sizeof(metric_description) == 128);
static_assert(offsetof(block_layout, telemetry) == 8);
static_assert(offsetof(block_layout, beat) == 64 && offsetof(block_layout, fixed) == 128);
static_assert(offsetof(block_layout, declared) == 192 && offsetof(block_layout, descriptions) == 704);
static_assert(sizeof(block_layout) == 8896);

}  // namespace lineshaft::status
