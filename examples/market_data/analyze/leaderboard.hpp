#pragma once
// The leaderboards: volume, gap and gain of all stocks, from their aggregates.
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "market_data/analyze/analyzer.hpp"
#include "market_data/analyze/events.hpp"
#include "market_data/analyze/leaderboard_row.hpp"
#include "market_data/analyze/trading_day.hpp"

namespace market_data {

/// Several of them may work on one queue: what they share is in the cache, and what is kept here is only what
/// the cache has said or been told.
class leaderboard final : public analyzer {
 public:
  boost::asio::awaitable<lineshaft::result<analysis>> analyze(const lineshaft::message_batch& batch,
                                                              lineshaft::cache& cache) override;

 private:
  struct stock {
    std::chrono::sys_seconds day;  ///< the trading day that it is known of
    std::optional<previous_day> before;
    bool asked = false;                   ///< the cache, for the day before
    std::optional<aggregate_event> last;  ///< of that day
    double open_price = 0;                ///< 0: not known yet
  };
  template <class T>
  using awaitable = boost::asio::awaitable<lineshaft::result<T>>;

  awaitable<std::size_t> turn_boards(std::chrono::milliseconds moment, lineshaft::cache& cache);
  bool is_late(std::chrono::milliseconds moment) const;
  awaitable<std::size_t> flush(lineshaft::cache& cache);
  awaitable<void> begin_day(lineshaft::cache& cache);
  awaitable<void> reset_at_open(lineshaft::cache& cache);
  awaitable<void> ask_for_day_before(stock& known, const std::string& symbol, lineshaft::cache& cache);
  awaitable<void> learn(stock& known, const aggregate_event& event, lineshaft::cache& cache);
  void turn_day(stock& known, std::chrono::sys_seconds day, const std::string& symbol);
  void write(const std::map<std::string_view, leaderboard_row>& rows);
  awaitable<std::size_t> publish_scanners(lineshaft::cache& cache);

  event_reader reader_;
  std::unordered_map<std::string, stock> stocks_;
  trading_day now_{};                                   ///< of the event at hand
  std::chrono::sys_seconds day_{};                      ///< that the boards show
  std::string opened_, resetting_;                      ///< dates: whose open was seen to, whose reset is ours to make
  std::map<std::string_view, leaderboard_row> newest_;  ///< of the batch, by the names in `stocks_`
  lineshaft::cache_batch learned_;                      ///< snapshots and open prices that the cache does not have yet
  lineshaft::cache_batch writes_;
};

}  // namespace market_data
