#pragma once
// Which day of trading a moment belongs to: it begins at 04:00 in New York.
#include <chrono>
#include <string>

namespace market_data {

struct market_time {
  std::chrono::sys_seconds day_start;  ///< 04:00 in New York, of the day that the moment belongs to
  std::string date;                    ///< of that day: "2026-04-02"
  bool opening_minute = false;         ///< 09:30:xx in New York
};

/// `timestamp`: ms since the epoch. Event time, not the clock's: a replayed day behaves as the day did.
market_time market_time_of(std::chrono::milliseconds timestamp);

}  // namespace market_data
