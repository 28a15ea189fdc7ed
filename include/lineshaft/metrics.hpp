#pragma once
// What a worker counts and says about itself, live: it writes shared memory, anyone reads it.
// Owned by the worker's process; every handle has a single writer, the thread of its event loop.
// Writing is wait-free: a plain load and store (no locked instruction), no system call.
#include <atomic>
#include <bit>
#include <cstdint>
#include <string_view>

namespace lineshaft {

namespace status {
class block_writer;
}

/// Counts events. Starts at 0 with each generation, never goes down.
class counter {
 public:
  /// Adds `n`. Only the event loop's thread may call it.
  void add(std::uint64_t n = 1) noexcept {
    cell_->store(cell_->load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
  }
  std::uint64_t value() const noexcept { return cell_->load(std::memory_order_relaxed); }

 private:
  friend class status::block_writer;
  std::atomic<std::uint64_t>* cell_ = nullptr;
};

/// A figure that goes up and down.
class gauge {
 public:
  void set(double value) noexcept { cell_->store(std::bit_cast<std::uint64_t>(value), std::memory_order_relaxed); }
  double value() const noexcept { return std::bit_cast<double>(cell_->load(std::memory_order_relaxed)); }

 private:
  friend class status::block_writer;
  std::atomic<std::uint64_t>* cell_ = nullptr;
};

/// True or false.
class flag {
 public:
  void set(bool value) noexcept { cell_->store(value ? 1 : 0, std::memory_order_relaxed); }
  bool value() const noexcept { return cell_->load(std::memory_order_relaxed) != 0; }

 private:
  friend class status::block_writer;
  std::atomic<std::uint64_t>* cell_ = nullptr;
};

/// The metrics of one worker: the fixed ones, which every worker has, and up to 64 declared ones.
class worker_metrics {
 public:
  counter processed;          ///< inputs handled to their end
  counter errors;             ///< failures of any kind that have no counter of their own
  counter decoding_errors;    ///< inputs that could not be read
  counter published;          ///< outputs written, counted after the write
  counter processing_errors;  ///< inputs read, but refused by the worker's logic
  counter restarts;           ///< what the worker itself started anew (reconnects and the like)
  flag mdq_connected;         ///< the queue it works on is there
  flag mdc_connected;         ///< the cache it works on is there

  /// Declares a metric. A name declared before gives the same handle. Beyond 64, or with an empty
  /// name, one over 47 bytes, or one declared with another kind, throws std::invalid_argument,
  /// which ends the worker like any exception of its own. The reference lives as long as the worker.
  counter& add_counter(std::string_view name, std::string_view help = {});
  gauge& add_gauge(std::string_view name, std::string_view help = {});
  flag& add_flag(std::string_view name, std::string_view help = {});

  /// Made by the library, over the block of this process.
  explicit worker_metrics(status::block_writer& block);
  worker_metrics(const worker_metrics&) = delete;
  worker_metrics& operator=(const worker_metrics&) = delete;

 private:
  status::block_writer* block_;
};

}  // namespace lineshaft
