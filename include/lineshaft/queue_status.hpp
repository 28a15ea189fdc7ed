#pragma once
// The accounts of one held queue.
#include <cstdint>
#include <string>

namespace lineshaft {

/// What went through a held queue: sent = done + in_flight + lost + depth, to the message, whenever
/// nobody is just inside a send or a receive.
struct queue_status {
  std::string name;
  std::uint64_t sent = 0;       ///< by all producers, of all generations
  std::uint64_t done = 0;       ///< by all consumers, of all generations
  std::uint64_t in_flight = 0;  ///< taken by living consumers, not done yet
  std::uint64_t lost = 0;       ///< taken by consumers that died before they said done
  std::uint64_t depth = 0;      ///< waiting in the queue
};

}  // namespace lineshaft
