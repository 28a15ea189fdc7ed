#pragma once
// Telemetry of this process, from its beginning to its bounded end. Off unless the environment asks for it: then there
// is no plug-in, no thread, and nothing to be ended.
#include <atomic>
#include <chrono>
#include <cstdint>
#include <span>
#include <string_view>

#include "telemetry/settings.hpp"

namespace lineshaft::telemetry {

/// What was recorded and has not been delivered.
struct undelivered {
  std::uint64_t spans = 0, log_records = 0, metric_exports = 0;

  bool none() const { return spans == 0 && log_records == 0 && metric_exports == 0; }
};

/// What becomes of what is recorded: spans recorded and delivered, log records recorded and delivered, exports of
/// metrics that failed since the last one that did not.
using telemetry_cells = std::span<std::atomic<std::uint64_t>, 5>;

/// Takes a line about telemetry itself; from any thread.
using log_sink = void (*)(log_level level, std::string_view text);

/// For the process that is cloned: opens what its clones will need, and starts nothing.
void open_for_clones(const char* const* environment);

/// Whether bad values of variables are logged: of a worker its manager has told already.
enum class bad_values { told_here, told_elsewhere };

/// Puts the propagators and the SDK that the environment asks for in the place of OpenTelemetry's global ones; a
/// program with an SDK of its own keeps it. What is wrong is logged, and the process goes on without. True if something
/// is exported now. Once in a process, and again after each end; it must not be cloned any more, and a fork() leaves
/// its child without telemetry.
bool start_exporting(const char* const* environment, bad_values told, log_sink log);
/// The same, and it counts where others may look, too, for as long as the process lives.
bool start_exporting(const char* const* environment, bad_values told, log_sink log, telemetry_cells counts);

/// What is to be done after each collection of metrics, on a thread of the SDK, which takes new instruments then. One
/// at most in a process, from any thread, and it may be called until the process ends.
void after_each_collection(void (*then)());

/// Whether this process exports: metrics and log records of our own need not be made otherwise.
bool exporting();
/// Whether spans are more than nothing: the program may have an SDK of its own.
bool tracing();

/// Exports what there is, until the deadline, and no longer than the environment said. After that nothing is recorded.
undelivered finish_exporting(std::chrono::steady_clock::time_point deadline);

}  // namespace lineshaft::telemetry
