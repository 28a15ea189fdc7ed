#pragma once
// A table of prices as CSV: each row a bar, given as a minute aggregate ("AM") in the vendor's names.
#include <memory>

#include "lineshaft/error.hpp"
#include "replay/decoder.hpp"

namespace lineshaft::replay {

/// Reads the header. Columns may come in any order and in any case, and those that are none of these are passed over:
///   date (or time, timestamp, datetime), open, high, low, close; volume (0 without it); symbol (or ticker, sym).
/// Without a symbol column each row is of `symbol`. For the forms of a date see date.hpp.
/// A bar begins ("s") at its date and ends ("e") a day later, or a minute if its date has a time of day; "op" and "av"
/// are the first open and the volume so far of its symbol's day (UTC).
result<std::unique_ptr<decoder>> make_table_decoder(std::string_view header, std::string symbol);

}  // namespace lineshaft::replay
