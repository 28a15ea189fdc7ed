#pragma once
// What was recorded and what was delivered, over all exporters of this process, and until when they may try.
#include <atomic>
#include <chrono>
#include <functional>

#include "telemetry/plugin_interface.hpp"

namespace lineshaft::otlp {

/// The SDK says nothing of failures but in its log, and ignores deadlines (opentelemetry-cpp 1.19). Any thread.
struct account {
  using clock = std::chrono::steady_clock;

  account();
  bool late() const { return clock::now().time_since_epoch().count() >= deadline.load(); }
  /// From now on, for the child of a fork(), which must not count what its parent has recorded.
  void count_for_nobody();

  lineshaft_telemetry_counts counts;        ///< of nobody, until the program has said where
  std::function<void()> collected = [] {};  ///< tells the program of it
  std::atomic<clock::rep> deadline = clock::time_point::max().time_since_epoch().count();
};

/// One for each process, and never destroyed: threads of the SDK may outlive everything else.
account& the_account();

/// Whether an exporter has logged an error on this thread since the last call.
bool take_logged_failure();
void note_logged_failure();

}  // namespace lineshaft::otlp
