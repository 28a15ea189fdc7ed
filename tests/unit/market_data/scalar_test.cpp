#include "market_data/wire/scalar.hpp"

#include <gtest/gtest.h>

using market_data::is_scalar;

TEST(scalar, is_one_whole_json_scalar_and_nothing_else) {
  for (auto text : {"0", "-0", "12", "-3.25", "1e5", "1E+05", "2.5e-7", "true", "false", "null", R"("")", R"("a b")",
                    R"("\"\\\/\b\f\n\r\t")", R"("\u00e9")"}) {
    EXPECT_TRUE(is_scalar(text)) << text;
  }
  for (auto text : {"", "-", "01", "+1", ".5", "1.", "1e", "1e+", "0x10", "1 2", "nul", "True", "NaN", "\"", "\"a",
                    R"("\x")", R"("\u12")", R"("\u12g4")", R"("a\")"}) {
    EXPECT_FALSE(is_scalar(text)) << text;
  }
}

TEST(scalar, is_trimmed_at_its_end_and_freed_of_its_quotes) {
  EXPECT_EQ(market_data::trimmed("12 \r\n\t"), "12");
  EXPECT_EQ(market_data::unquoted(R"("AAPL")"), "AAPL");
  EXPECT_EQ(market_data::unquoted("12"), "");
  EXPECT_EQ(market_data::unquoted("\""), "");
}
