#pragma once
// Which day of trading a moment belongs to: it begins at 04:00 in New York.
#include <chrono>
#include <string>

namespace market_data {

struct trading_day {
  std::chrono::sys_seconds begin, end;  ///< 04:00 in New York, and 04:00 of the day after
  std::chrono::sys_seconds open;        ///< 09:30 in New York
  std::string date;                     ///< "2026-04-02"

  bool contains(std::chrono::milliseconds moment) const;
  bool is_opening_minute(std::chrono::milliseconds moment) const;  ///< 09:30:xx in New York
};

/// The day of `moment`, ms since the epoch. Event time, not the clock's: a replayed day behaves as the day did.
trading_day trading_day_of(std::chrono::milliseconds moment);

}  // namespace market_data
