#pragma once
// Points in time as text or numbers, in the forms in which tables of prices have them.
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace lineshaft::replay {

/// What a date in a table says.
struct instant {
  std::chrono::milliseconds time;  ///< since the epoch
  bool whole_day = false;          ///< there was no time of day
};

/// Reads one of these; without a zone it is UTC:
///   2018-05-14            20180514               5/14/2018 (month first)
///   2018-05-14 09:30      2018-05-14T09:30:00    2018-05-14 09:30:00.123      each also with Z, +02:00 or -0500
///   1526256000            seconds, milli-, micro- or nanoseconds since the epoch, told by their size
std::optional<instant> parse_instant(std::string_view text);

/// A number since the epoch, whatever its unit. 0 and below give 0.
std::chrono::milliseconds from_epoch(std::int64_t number);

}  // namespace lineshaft::replay
