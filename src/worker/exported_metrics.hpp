#pragma once
// What a worker counts, as metrics of OpenTelemetry: read from the status block at each collection, so that counting
// costs what it costs without.
#include "lineshaft/metrics.hpp"
#include "status/block_writer.hpp"

namespace lineshaft::runtime {

/// The fixed ones, and from now on each that is declared. Both have to live as long as the process.
void export_metrics(const worker_metrics& metrics, status::block_writer& block);

}  // namespace lineshaft::runtime
