#pragma once
// The most traded stocks: what their newest trades say.
#include <string>
#include <vector>

#include "market_data/analyze/analyzer.hpp"
#include "market_data/analyze/events.hpp"

namespace market_data {

struct trade_statistics {
  double total_volume = 0, max_size = 0, latest_price = 0;
  std::size_t trade_count = 0;
  std::int64_t first_timestamp = 0, latest_timestamp = 0, latest_exchange = 0;

  double average_size() const;  ///< to two places
};

/// Of trades in any order; those that cannot be read are left out.
trade_statistics statistics_of(const std::vector<std::string>& trades, event_reader& reader);
std::string to_json(const std::string& symbol, const trade_statistics& statistics);

class top_trades final : public analyzer {
 public:
  boost::asio::awaitable<lineshaft::result<analysis>> analyze(const lineshaft::message_batch& batch,
                                                              lineshaft::cache& cache) override;

 private:
  boost::asio::awaitable<lineshaft::result<std::size_t>> publish(lineshaft::cache& cache, std::int64_t now);

  event_reader reader_;
};

}  // namespace market_data
