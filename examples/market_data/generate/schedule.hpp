#pragma once
// How many events a second, and when: the open of a trading day in small.
#include <chrono>
#include <cstdint>

#include "market_data/generate/random_source.hpp"

namespace market_data {

struct schedule_options {
  std::uint32_t quiet_rate = 30;   ///< events a second before the open
  std::uint32_t open_rate = 1500;  ///< events a second after it, on average
  std::chrono::milliseconds length = std::chrono::seconds(20);
};

/// The first quarter is quiet; then the rate rises within one second, and comes in bursts from there.
class schedule {
 public:
  static constexpr std::chrono::milliseconds tick{10};

  schedule(schedule_options options, random_source chance) : options_(options), chance_(chance) {}
  /// The events of the next tick. After `length` it goes on as after the open.
  std::uint32_t next_tick();
  std::chrono::milliseconds opens_at() const { return options_.length / 4; }

 private:
  std::uint64_t average_rate() const;

  schedule_options options_;
  random_source chance_;
  std::chrono::milliseconds now_{};
  std::uint64_t burst_percent_ = 100;
  std::uint64_t owed_ = 0;  // in 1/100,000 of an event: what is left of the rate after whole events
};

}  // namespace market_data
