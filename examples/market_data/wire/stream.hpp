#pragma once
// The five streams that events are sorted into: one queue each.
#include <array>
#include <cstddef>
#include <string_view>

namespace market_data {

enum class stream : std::size_t { trades, aggregate, quotes, halts, unknown };

inline constexpr std::array streams{stream::trades, stream::aggregate, stream::quotes, stream::halts, stream::unknown};
inline constexpr std::size_t stream_count = streams.size();

/// The name of its queue.
constexpr std::string_view to_string(stream which) {
  constexpr std::array<std::string_view, stream_count> names{"trades", "aggregate", "quotes", "halts", "unknown"};
  return names[static_cast<std::size_t>(which)];
}

/// Where an event of the vendor's type `ev` goes.
constexpr stream stream_of(std::string_view ev) {
  if (ev == "T") return stream::trades;
  if (ev == "A" || ev == "AM") return stream::aggregate;
  if (ev == "Q") return stream::quotes;
  if (ev == "LULD") return stream::halts;
  return stream::unknown;
}

}  // namespace market_data
