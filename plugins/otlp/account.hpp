#pragma once
// What was recorded and what was delivered, over all exporters of this process, and until when they may try.
#include <atomic>
#include <chrono>
#include <cstdint>

namespace lineshaft::otlp {

/// The SDK says nothing of failures but in its log, and ignores deadlines (opentelemetry-cpp 1.19). Any thread.
struct account {
  using clock = std::chrono::steady_clock;

  std::atomic<std::uint64_t> spans_recorded = 0, spans_delivered = 0;
  std::atomic<std::uint64_t> logs_recorded = 0, logs_delivered = 0;
  std::atomic<std::uint64_t> metric_exports_failed = 0;  ///< since the last one that did not
  std::atomic<clock::rep> deadline = clock::time_point::max().time_since_epoch().count();

  bool late() const { return clock::now().time_since_epoch().count() >= deadline.load(); }
};

/// One for each process, and never destroyed: threads of the SDK may outlive everything else.
account& the_account();

/// Whether an exporter has logged an error on this thread since the last call.
bool take_logged_failure();
void note_logged_failure();

}  // namespace lineshaft::otlp
