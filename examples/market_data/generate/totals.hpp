#pragma once
// What a generated feed holds: known before anyone reads it.
#include <array>
#include <boost/json/object.hpp>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "market_data/wire/stream.hpp"

namespace market_data {

struct feed_totals {
  std::uint64_t events = 0, frames = 0, bytes = 0;
  std::array<std::uint64_t, stream_count> by_stream{};  ///< in the order of `streams`
  /// The ten stocks of the highest volume as their last aggregate of the day told it, highest first.
  std::vector<std::pair<std::string, std::int64_t>> top_volume;
};

/// {"events", "frames", "bytes", "trades", "aggregate", "quotes", "halts", "unknown", "top_volume": [{"symbol",
/// "accumulated_volume"}…]}
boost::json::object to_json(const feed_totals&);

}  // namespace market_data
