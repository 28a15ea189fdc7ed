#include "replay/date.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

using namespace lineshaft;

TEST(date, is_read_in_each_of_its_forms) {
  constexpr std::int64_t day = 1526256000000;  // 2018-05-14
  constexpr std::int64_t half_past_nine = day + (9 * 60 + 30) * 60'000;
  struct row {
    const char* text;
    std::int64_t milliseconds;
    bool whole_day;
  };
  const row rows[] = {
      {"2018-05-14", day, true},
      {"2018-5-14", day, true},
      {"20180514", day, true},
      {"5/14/2018", day, true},
      {"05/14/2018", day, true},
      {"2018-05-14 09:30", half_past_nine, false},
      {"2018-05-14T09:30:00", half_past_nine, false},
      {"2018-05-14T09:30:00Z", half_past_nine, false},
      {"5/14/2018 9:30", half_past_nine, false},
      {"2018-05-14 09:30:00.123456", half_past_nine + 123, false},
      {"2018-05-14 09:30:00.5", half_past_nine + 500, false},
      {"2018-05-14 05:30:00-04:00", half_past_nine, false},
      {"2018-05-14T05:30:00-0400", half_past_nine, false},
      {"2018-05-14T11:30:00 +02", half_past_nine, false},
      {"1526256000", day, false},
      {"1526256000000", day, false},
      {"1526256000000000", day, false},
      {"1526256000000000000", day, false},
      {"1969-12-31", -86'400'000, true},
  };
  for (const auto& row : rows) {
    const auto read = replay::parse_instant(row.text);
    ASSERT_TRUE(read) << row.text;
    EXPECT_EQ(read->time.count(), row.milliseconds) << row.text;
    EXPECT_EQ(read->whole_day, row.whole_day) << row.text;
  }
}

TEST(date, in_another_form_is_refused) {
  for (const auto* text : {"",
                           "Date",
                           "2018-05",
                           "2018-02-30",
                           "2018-13-01",
                           "14/5/2018",
                           "2018-05-14x",
                           "2018-05-14 ",
                           "2018-05-14 25:00",
                           "2018-05-14 9",
                           "2018-05-14 09:60",
                           "2018-05-14T09:30:00+2",
                           "5/14/18",
                           "20181399",
                           "99999999999999999999",
                           "-1",
                           "1.5",
                           "2018-05-14 09:30:00.",
                           "2018-05-14 09:30 UTC",
                           "null"}) {
    EXPECT_FALSE(replay::parse_instant(text)) << text;
  }
}

TEST(date, of_any_characters_is_read_or_refused) {
  std::mt19937 random(9);
  constexpr std::string_view alphabet = "0123456789-/:T Z+.,";
  for (int round = 0; round < 50'000; ++round) {
    std::string text;
    for (auto left = random() % 28; left > 0; --left) text += alphabet[random() % alphabet.size()];
    const auto read = replay::parse_instant(text);
    if (!read) continue;
    EXPECT_LT(std::chrono::abs(read->time), std::chrono::years(30'000)) << text;
  }
}
