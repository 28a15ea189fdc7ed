#include "replay/table_decoder.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <random>

using namespace lineshaft;

TEST(table_decoder, reads_a_bar_whatever_the_order_of_the_columns) {
  const std::string expected =
      R"({"ev":"AM","sym":"AAPL","v":100000000,"av":100000000,"op":189.01,"o":189.01,"c":188.15,"h":189.53,"l":187.86,)"
      R"("s":1526256000000,"e":1526342400000})";
  const std::pair<const char*, const char*> tables[] = {
      {"Date,Open,High,Low,Close,Adj Close,Volume", "2018-05-14,189.01,189.53,187.86,188.15,187,100000000"},
      {"volume,CLOSE,low,high,open,date", "1e8,188.15,187.86,189.53,189.01,20180514"},
      {"\"Ticker\" , \"timestamp\",open,high,low,close,volume",
       "AAPL, 2018-05-14 , 189.01 ,189.53,187.86,188.15,\"100000000\""},
  };
  for (const auto& [header, row] : tables) {
    auto table = replay::make_table_decoder(header, "AAPL");
    ASSERT_TRUE(table) << header;
    std::vector<feed_event> events;
    EXPECT_EQ((*table)->decode(row, events), std::nullopt) << row;
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].json, expected);
    EXPECT_EQ(events[0].type, "AM");
    EXPECT_EQ(events[0].symbol, "AAPL");
    EXPECT_EQ(events[0].time.count(), 1526342400000);
  }
}

TEST(table_decoder, keeps_the_open_and_the_volume_of_each_symbols_day) {
  auto table = replay::make_table_decoder("time,sym,open,high,low,close,volume", "");
  ASSERT_TRUE(table);
  struct row {
    const char *line, *volume, *open;
  };
  const row rows[] = {
      {"2018-05-14 09:30,A,1.5,1,1,1,10", "\"av\":10,", "\"op\":1.5,"},
      {"2018-05-14 09:31,A,2,1,1,1,5", "\"av\":15,", "\"op\":1.5,"},
      {"2018-05-14 09:31,B,7,1,1,1,1", "\"av\":1,", "\"op\":7,"},
      {"2018-05-14 09:32,A,3,1,1,1,0.5", "\"av\":15.5,", "\"op\":1.5,"},
      {"2018-05-15 09:30,A,4,1,1,1,2", "\"av\":2,", "\"op\":4,"},
  };
  std::vector<feed_event> events;
  for (const auto& row : rows) {
    events.clear();
    ASSERT_EQ((*table)->decode(row.line, events), std::nullopt) << row.line;
    EXPECT_TRUE(events[0].json.contains(row.volume)) << events[0].json;
    EXPECT_TRUE(events[0].json.contains(row.open)) << events[0].json;
    EXPECT_EQ(events[0].time.count() % 60'000, 0);
  }
}

TEST(table_decoder, says_what_is_wrong_with_a_row) {
  auto table = replay::make_table_decoder("date,open,high,low,close,volume,symbol", "");
  ASSERT_TRUE(table);
  const std::pair<const char*, const char*> rows[] = {
      {"2018-05-14,1,2,3,4,5", "expected 7 columns, found 6"},
      {"2018-05-14,1,2,3,4,5,A,x", "expected 7 columns, found 8"},
      {"yesterday,1,2,3,4,5,A", "'yesterday' is no date"},
      {"2018-05-14,,2,3,4,5,A", "'' is no number (open)"},
      {"2018-05-14,1,2,null,4,5,A", "'null' is no number (low)"},
      {"2018-05-14,1,2,3,4,\"1,000\",A", "'1,000' is no number (volume)"},
      {"2018-05-14,1,nan,3,4,5,A", "'nan' is no number (high)"},
      {"2018-05-14,1,2,3,1e999,5,A", "'1e999' is no number (close)"},
      {"2018-05-14,1,2,3,4,5,", "the symbol is missing"},
      {"2018-05-14,1,2,3,4,5,\xff", "the symbol is no valid UTF-8"},
      {"\"2018-05-14,1,2,3,4,5,A", "a quote is not closed"},
  };
  std::vector<feed_event> events;
  for (const auto& [row, why] : rows) {
    EXPECT_EQ((*table)->decode(row, events), why) << row;
    EXPECT_TRUE(events.empty());
  }
}

TEST(table_decoder, says_what_is_missing_in_a_header) {
  const std::pair<const char*, const char*> rows[] = {
      {"2018-05-14,1,2,3,4",
       "expected a header with date, open, high, low and close: there is no date in '2018-05-14,1,2,3,4'"},
      {"date,open,high,low",
       "expected a header with date, open, high, low and close: there is no close in 'date,open,high,low'"},
      {"date,time,open,high,low,close", "there are two columns for date"},
      {"\"date", "expected a header: a quote is not closed"},
  };
  for (const auto& [header, why] : rows) EXPECT_EQ(replay::make_table_decoder(header, "").error().doing, why);
}

TEST(table_decoder, gives_valid_json_or_refuses_whatever_happened_to_a_row) {
  auto table = replay::make_table_decoder("date,open,high,low,close,volume,symbol", "");
  std::mt19937 random(23);
  std::vector<feed_event> events;
  int accepted = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string row = "2018-05-14,189.01,189.53,187.86,188.15,100000,BRK.A";
    for (auto changes = 1 + random() % 2; changes > 0; --changes)
      row[random() % row.size()] = static_cast<char>(random() % 256);
    events.clear();
    if ((*table)->decode(row, events)) continue;
    ++accepted;
    boost::system::error_code ec;
    const auto parsed = boost::json::parse(events.at(0).json, ec);
    ASSERT_TRUE(!ec && parsed.is_object()) << row << '\n' << events[0].json;
  }
  EXPECT_GT(accepted, 100);
}
