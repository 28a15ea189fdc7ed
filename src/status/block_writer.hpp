#pragma once
// The writing side of a status block: one in a worker's process, used from its event loop's thread alone.
#include <array>
#include <atomic>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include "lineshaft/metrics.hpp"
#include "lineshaft/status.hpp"
#include "status/beat_reading.hpp"
#include "status/layout.hpp"

namespace lineshaft::status {

class block_writer {
 public:
  /// Over zeroed memory of at least the layout's size, which outlives it.
  explicit block_writer(std::span<std::byte> memory);
  block_writer(const block_writer&) = delete;
  block_writer& operator=(const block_writer&) = delete;

  /// The loop enters and leaves a handler: a clock read and two relaxed stores.
  void enter() noexcept { mark(loop_state::busy); }
  void leave() noexcept { mark(loop_state::idle); }
  /// What the last of these wrote. Async-signal-safe.
  beat_reading last_beat() const noexcept;
  void set_running(bool running) noexcept { block_.beat.running.store(running ? 1 : 0, std::memory_order_relaxed); }

  /// For whoever counts what became of telemetry, by their `telemetry_count`.
  std::span<std::atomic<std::uint64_t>, telemetry_counts> telemetry() noexcept { return block_.telemetry; }

  counter counter_at(fixed which) noexcept;
  flag flag_at(fixed which) noexcept;
  counter& declare_counter(std::string_view name, std::string_view help);
  gauge& declare_gauge(std::string_view name, std::string_view help);
  flag& declare_flag(std::string_view name, std::string_view help);

 private:
  void mark(loop_state state) noexcept;
  /// The number of the declared metric, made if it is new.
  std::size_t declare(metric_kind kind, std::string_view name, std::string_view help);

  block_layout& block_;
  std::size_t declared_ = 0;
  // A handle of each kind for each cell: what is returned by reference has to live somewhere.
  std::array<counter, most_declared> counters_;
  std::array<gauge, most_declared> gauges_;
  std::array<flag, most_declared> flags_;
};

}  // namespace lineshaft::status
