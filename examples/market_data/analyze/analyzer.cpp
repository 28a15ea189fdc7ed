#include "market_data/analyze/analyzer.hpp"

#include "market_data/analyze/leaderboard.hpp"
#include "market_data/analyze/pass_through.hpp"
#include "market_data/analyze/top_trades.hpp"

namespace market_data {

std::unique_ptr<analyzer> make_analyzer(std::string_view queue_name) {
  if (queue_name == "aggregate") return std::make_unique<leaderboard>();
  if (queue_name == "trades") return std::make_unique<top_trades>();
  return std::make_unique<pass_through>();
}

}  // namespace market_data
