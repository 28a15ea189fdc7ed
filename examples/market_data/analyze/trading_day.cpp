#include "market_data/analyze/trading_day.hpp"

#include <format>

namespace market_data {

using namespace std::chrono;

market_time market_time_of(milliseconds timestamp) {
  static const auto* zone = locate_zone("America/New_York");
  const auto moment = floor<seconds>(sys_time<milliseconds>(timestamp));
  const auto local = zone->to_local(moment);
  const auto midnight = floor<days>(local);
  const auto since = local - midnight;
  const auto day = since < hours(4) ? midnight - days(1) : midnight;
  return {.day_start = zone->to_sys(day + hours(4), choose::earliest),
          .date = std::format("{:%F}", day),
          .opening_minute = floor<minutes>(since) == hours(9) + minutes(30)};
}

}  // namespace market_data
