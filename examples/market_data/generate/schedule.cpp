#include "market_data/generate/schedule.hpp"

#include <algorithm>
#include <bit>

namespace market_data {

using namespace std::chrono_literals;

std::uint64_t schedule::average_rate() const {
  const std::uint64_t quiet = options_.quiet_rate, open = options_.open_rate;
  const auto since_open = now_ - opens_at();
  if (since_open < 0ms) return quiet;
  if (since_open >= 1s || open < quiet) return open;
  return quiet + (open - quiet) * static_cast<std::uint64_t>(since_open.count()) / 1000;
}

std::uint32_t schedule::next_tick() {
  // A burst lasts 100 ms. The number of leading zero bits halves in likelihood with each step, 1 on
  // average: most bursts are at half the rate, one in 16 at two and a half times, one in 256 at four and a half.
  if (now_ % 100ms == 0ms) burst_percent_ = 50 + 50 * static_cast<std::uint64_t>(std::countl_zero(chance_.next() | 1));
  const bool open = now_ >= opens_at();
  owed_ += average_rate() * (open ? burst_percent_ : 100) * 10;
  now_ += tick;
  const auto events = owed_ / 100'000;
  owed_ %= 100'000;
  return static_cast<std::uint32_t>(events);
}

}  // namespace market_data
