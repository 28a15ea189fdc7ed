#include "market_data/analyze/trading_day.hpp"

#include <format>

namespace market_data {

using namespace std::chrono;

bool trading_day::contains(milliseconds moment) const {
  return moment >= begin.time_since_epoch() && moment < end.time_since_epoch();
}

bool trading_day::is_opening_minute(milliseconds moment) const {
  return moment >= open.time_since_epoch() && moment < open.time_since_epoch() + minutes(1);
}

trading_day trading_day_of(milliseconds moment) {
  static const auto* zone = locate_zone("America/New_York");
  const auto local = zone->to_local(floor<seconds>(sys_time<milliseconds>(moment)));
  const auto midnight = floor<days>(local);
  const auto day = local - midnight < hours(4) ? midnight - days(1) : midnight;
  // None of these times of day is one that a change of the clocks skips or repeats.
  const auto at = [&](auto time) { return zone->to_sys(time, choose::earliest); };
  return {.begin = at(day + hours(4)),
          .end = at(day + days(1) + hours(4)),
          .open = at(day + hours(9) + minutes(30)),
          .date = std::format("{:%F}", day)};
}

}  // namespace market_data
