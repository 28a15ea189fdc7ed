#pragma once
// The whole pipeline: one listener, and processors on each of its queues, under one manager.
#include <lineshaft/lineshaft.hpp>
#include <string>
#include <vector>

namespace market_data {

struct pipeline_options {
  std::string feed, cache;
  unsigned processors = 1;  ///< for each of the busy queues: trades, aggregate, quotes
};

/// The accounts of all queues together.
struct accounts {
  std::uint64_t fed = 0;        ///< what the listener has passed on
  std::uint64_t processed = 0;  ///< done by processors, also by those that died later
  std::uint64_t lost = 0;       ///< taken by processors that died before they had done it
  std::uint64_t waiting = 0;    ///< in queues or in work
  bool balanced() const { return fed == processed + lost + waiting; }
};

/// Starts all workers, the listener last. The first failure is the answer; what runs by then stays.
lineshaft::result<> start(lineshaft::process_manager& manager, const pipeline_options& options);

accounts accounts_of(const lineshaft::process_manager& manager);
/// The listener has ended, and nothing waits any more.
bool is_drained(const lineshaft::process_manager& manager);

inline constexpr auto listener_name = "listener";

/// The table of worker classes that the pipeline's programs share.
std::span<const lineshaft::worker_class> worker_classes();

}  // namespace market_data
