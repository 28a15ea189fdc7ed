#include "supervisor/counter_totals.hpp"

namespace lineshaft::supervisor {

worker_figures in_all(const worker_figures& past, const worker_figures& now) {
  auto sum = now;
  sum.processed += past.processed;
  sum.errors += past.errors;
  sum.decoding_errors += past.decoding_errors;
  sum.published += past.published;
  sum.processing_errors += past.processing_errors;
  sum.restarts += past.restarts;
  for (const auto& [name, value] : past.metrics) {
    const auto* before = std::get_if<std::uint64_t>(&value);
    if (before == nullptr) continue;
    // One that this process has not declared yet stays what it was.
    auto& counted = sum.metrics.try_emplace(name, std::uint64_t{0}).first->second;
    if (auto* more = std::get_if<std::uint64_t>(&counted)) *more += *before;
  }
  return sum;
}

}  // namespace lineshaft::supervisor
