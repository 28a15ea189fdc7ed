#pragma once
// The reading side of a status block: any thread, any process, at any time, without disturbing the writer.
// Trusts nothing in the memory: whatever a worker has scribbled over it, reading ends and does not fault.
#include <cstddef>
#include <map>
#include <span>
#include <string>

#include "lineshaft/status.hpp"
#include "status/beat_reading.hpp"

namespace lineshaft::status {

/// Everything the worker counts. Empty figures for memory that is too small or no status block.
worker_figures read_figures(std::span<const std::byte> memory);

/// What telemetry has recorded and, so far, not delivered.
undelivered_telemetry read_undelivered(std::span<const std::byte> memory);
/// What the worker says of the metrics that it has declared, by their names; nothing of those of which it says nothing.
void read_help(std::span<const std::byte> memory, std::map<std::string, std::string>& into);

beat_reading read_beat(std::span<const std::byte> memory);

}  // namespace lineshaft::status
