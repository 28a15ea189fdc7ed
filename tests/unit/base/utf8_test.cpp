#include "base/utf8.hpp"

#include <gtest/gtest.h>

TEST(utf8, whole_characters_are_as_many_bytes_as_fit) {
  const struct {
    std::string_view text;
    std::size_t most;
    std::string_view whole;
  } rows[] = {
      {"", 3, ""},      {"abc", 3, "abc"}, {"abcd", 3, "abc"}, {"aäb", 2, "a"},
      {"aäb", 3, "aä"}, {"€uro", 2, ""},   {"a😀b", 4, "a"},   {"a😀b", 5, "a😀"},
  };
  for (const auto& row : rows) EXPECT_EQ(lineshaft::whole_characters(row.text, row.most), row.whole) << row.text;
}
