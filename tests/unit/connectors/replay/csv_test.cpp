#include "replay/csv.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

using namespace lineshaft;

TEST(csv, splits_a_line_into_fields) {
  const std::pair<const char*, std::vector<std::string>> rows[] = {
      {"a,b,c", {"a", "b", "c"}},
      {"", {""}},
      {",", {"", ""}},
      {" a , b\t,c ", {"a", "b", "c"}},
      {R"("a,b",c)", {"a,b", "c"}},
      {R"("say ""hi""",x)", {"say \"hi\"", "x"}},
      {R"( " a " ,b)", {" a ", "b"}},
      {R"("",x)", {"", "x"}},
      {R"(a"b,c)", {"a\"b", "c"}},
  };
  std::vector<std::string> fields = {"left", "over"};
  for (const auto& [line, expected] : rows) {
    EXPECT_TRUE(replay::split_csv(line, fields)) << line;
    EXPECT_EQ(fields, expected) << line;
  }
}

TEST(csv, refuses_a_quote_that_is_not_closed_or_followed_by_something) {
  std::vector<std::string> fields;
  for (const auto* line : {R"("a,b)", R"(a,")", R"("a"b,c)", R"("a"")"})
    EXPECT_FALSE(replay::split_csv(line, fields)) << line;
}

TEST(csv, of_any_bytes_has_as_many_fields_as_commas_allow) {
  std::mt19937 random(5);
  std::vector<std::string> fields;
  constexpr std::string_view alphabet = "a,\" \t\\\xff";
  for (int round = 0; round < 20'000; ++round) {
    std::string line;
    for (auto left = random() % 24; left > 0; --left) line += alphabet[random() % alphabet.size()];
    if (!replay::split_csv(line, fields)) continue;
    EXPECT_LE(fields.size(), static_cast<std::size_t>(std::ranges::count(line, ',')) + 1) << line;
    EXPECT_GE(fields.size(), 1U);
  }
}
