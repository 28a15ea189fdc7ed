#include "market_data/generate/totals.hpp"

#include <boost/json/array.hpp>

namespace market_data {

boost::json::object to_json(const feed_totals& totals) {
  boost::json::object out{{"events", totals.events}, {"frames", totals.frames}, {"bytes", totals.bytes}};
  for (auto which : streams) out[to_string(which)] = totals.by_stream[static_cast<std::size_t>(which)];
  auto& top = out["top_volume"].emplace_array();
  for (const auto& [symbol, volume] : totals.top_volume) {
    top.push_back(boost::json::object{{"symbol", symbol}, {"accumulated_volume", volume}});
  }
  return out;
}

}  // namespace market_data
