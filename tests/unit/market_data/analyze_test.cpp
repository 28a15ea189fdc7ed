// What the analyzers compute, without a queue: days, rows, statistics, destinations.
#include <gtest/gtest.h>

#include "market_data/analyze/leaderboard_row.hpp"
#include "market_data/analyze/pass_through.hpp"
#include "market_data/analyze/top_trades.hpp"
#include "market_data/analyze/trading_day.hpp"

using namespace std::chrono;
using namespace std::chrono_literals;
using namespace market_data;

namespace {

// 2025-06-03 04:00 in New York, which is 08:00 UTC in summer.
constexpr auto day_begin = sys_days(2025y / June / 3) + 8h;

milliseconds at(sys_seconds moment) { return moment.time_since_epoch(); }

}  // namespace

TEST(trading_day, begins_at_four_in_new_york_summer_and_winter) {
  EXPECT_EQ(trading_day_of(at(day_begin)).begin, day_begin);
  EXPECT_EQ(trading_day_of(at(day_begin)).date, "2025-06-03");
  EXPECT_EQ(trading_day_of(at(day_begin - 1s)).begin, day_begin - 24h);
  EXPECT_EQ(trading_day_of(at(day_begin - 1s)).date, "2025-06-02");
  const auto winter = sys_days(2025y / January / 7) + 9h;
  EXPECT_EQ(trading_day_of(at(winter)).begin, winter);
}

TEST(trading_day, ends_where_the_next_one_begins_also_when_the_clocks_change) {
  const auto saturday = sys_days(2025y / March / 8) + 9h;  // the clocks go forward in the night that follows
  const auto day = trading_day_of(at(saturday));
  EXPECT_EQ(day.end, saturday + 23h);
  EXPECT_EQ(trading_day_of(at(day.end)).begin, day.end);
  EXPECT_TRUE(day.contains(at(saturday)));
  EXPECT_TRUE(day.contains(at(day.end) - 1ms));
  EXPECT_FALSE(day.contains(at(saturday) - 1ms));
  EXPECT_FALSE(day.contains(at(day.end)));
}

TEST(trading_day, knows_the_minute_of_the_open) {
  const auto open = day_begin + 5h + 30min;
  const auto day = trading_day_of(at(open));
  EXPECT_FALSE(day.is_opening_minute(at(open) - 1ms));
  EXPECT_TRUE(day.is_opening_minute(at(open)));
  EXPECT_TRUE(day.is_opening_minute(at(open + 60s) - 1ms));
  EXPECT_FALSE(day.is_opening_minute(at(open + 60s)));
}

TEST(leaderboard_row, computes_changes_and_gives_zero_for_a_zero_divisor) {
  const aggregate_event event{.symbol = "A", .close = 110};
  const previous_day before{.close = 100};
  const auto row = rank(event, &before, 88);
  EXPECT_DOUBLE_EQ(row.change, 10);
  EXPECT_DOUBLE_EQ(row.pct_change, 10);
  EXPECT_DOUBLE_EQ(row.change_since_open, 22);
  EXPECT_DOUBLE_EQ(row.pct_change_since_open, 25);
  const auto unknown = rank(event, nullptr, 0);
  EXPECT_DOUBLE_EQ(unknown.before.close, 110);
  EXPECT_DOUBLE_EQ(unknown.pct_change, 0);
  EXPECT_DOUBLE_EQ(unknown.pct_change_since_open, 0);
}

TEST(leaderboard_row, has_the_predecessors_26_fields_with_numbers_as_numbers) {
  const auto fields = fields_of(rank({.symbol = "A\"B", .close = 0.00001}, nullptr, 1));
  ASSERT_EQ(fields.size(), 26U);
  EXPECT_EQ(fields.front().name, "symbol");
  EXPECT_EQ(fields.back().name, "end_timestamp");
  EXPECT_TRUE(to_json(fields).starts_with(R"({"symbol":"A\"B","volume":0,)"));
  EXPECT_TRUE(to_json(fields).contains(R"("close":1e-05,)"));
  EXPECT_TRUE(to_json(3, "pct_change", {"A", 1}, fields).starts_with(R"({"rank":3,"symbol":"A","volume":0)"));
  EXPECT_EQ(to_json(1, "pct_change", {"A", 1.5}, {}), R"({"rank":1,"symbol":"A","pct_change":1.5})");
}

TEST(top_trades, are_summed_up_in_any_order_and_without_what_cannot_be_read) {
  event_reader reader;
  const auto of = statistics_of({R"({"symbol":"A","price":3,"size":10,"timestamp":30,"exchange":4})",
                                 R"({"symbol":"A","price":1,"size":5,"timestamp":10,"exchange":1})", "no trade",
                                 R"({"symbol":"A","price":2,"size":5,"timestamp":20,"exchange":2})"},
                                reader);
  EXPECT_EQ(to_json("A", of),
            R"({"symbol":"A","total_volume":20,"trade_count":3,"avg_size":6.67,"max_size":10,"time_span_ms":20,)"
            R"("latest_price":3,"latest_timestamp":30,"latest_exchange":4})");
  EXPECT_EQ(statistics_of({}, reader).average_size(), 0);
}

TEST(pass_through, knows_where_each_type_goes_and_for_how_long) {
  const struct {
    event_head event;
    const char* key;
    milliseconds life;
  } rows[] = {
      {{"T", "A", 1}, "stocks:trades:A", 1h},   {{"Q", "A", 1}, "stocks:quotes:A", 1h},
      {{"A", "A", 1}, "stocks:agg:A", 300s},    {{"AM", "A", 1}, "stocks:agg:A", 300s},
      {{"LULD", "A", 1}, "stocks:luld:A", 24h}, {{"X", "A", 7}, "unknown:7", 24h},
      {{"T", "", 7}, "unknown:7", 24h},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(destination_of(row.event).key, row.key);
    EXPECT_EQ(destination_of(row.event).life.value, row.life) << row.key;
  }
}
