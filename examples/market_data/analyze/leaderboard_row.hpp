#pragma once
// One stock on the leaderboard: what is computed of its newest aggregate. Pure.
#include <string>
#include <vector>

#include "lineshaft/cache.hpp"
#include "market_data/analyze/events.hpp"

namespace market_data {

/// The day before, as far as it is known. Without it the close of the event itself stands for its close.
struct previous_day {
  double close = 0, open = 0, high = 0, low = 0, volume = 0, vwap = 0;
  friend bool operator==(const previous_day&, const previous_day&) = default;
};

struct leaderboard_row {
  aggregate_event event;
  previous_day before;
  double change = 0, pct_change = 0, change_since_open = 0, pct_change_since_open = 0;
};

/// A divisor of 0 gives 0.
leaderboard_row rank(const aggregate_event& event, const previous_day* before, double open_price);

/// The predecessor's 26 fields, in its order: as text for a hash, or as JSON with numbers as numbers.
std::vector<lineshaft::cache_field> fields_of(const leaderboard_row& row);
std::string to_json(const std::vector<lineshaft::cache_field>& fields);
/// The same behind {"rank": …, "symbol": …, "SCORE_NAME": …}.
std::string to_json(std::size_t rank, std::string_view score_name, const lineshaft::cache_score& score,
                    const std::vector<lineshaft::cache_field>& fields);

}  // namespace market_data
