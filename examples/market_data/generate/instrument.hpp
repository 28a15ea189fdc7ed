#pragma once
// The simulated stocks: what each is called, and how it trades.
#include <cstdint>
#include <string>
#include <vector>

#include "market_data/generate/random_source.hpp"

namespace market_data {

/// Prices are in 1/10,000 of a dollar.
struct instrument {
  std::string symbol;
  std::int64_t previous_close = 0;
  std::int64_t previous_volume = 0;
  std::int64_t open = 0;
  std::int64_t price = 0;
  std::int64_t day_volume = 0;
  std::int64_t day_value = 0;  ///< price × volume, for the day's average price, in dollars × shares
  // since its last aggregate
  std::int64_t window_open = 0, window_high = 0, window_low = 0, window_volume = 0, window_trades = 0;
};

inline constexpr std::uint32_t instrument_count = 5000;
/// At the open a few stocks make most of the noise.
inline constexpr std::uint32_t hot_count = 150;

std::vector<instrument> make_instruments(random_source& chance);

/// Draws which stock moves next: 4 of 5 times a hot one, and among those the first far more often.
class instrument_picker {
 public:
  instrument_picker();
  std::uint32_t pick(random_source& chance) const;

 private:
  std::vector<std::uint32_t> hot_;  // an index as often as it is likely
};

}  // namespace market_data
