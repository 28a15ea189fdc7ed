#include "telemetry/utf8.hpp"

#include <gtest/gtest.h>

using namespace lineshaft::telemetry;

TEST(well_formed_utf8, is_what_it_was_or_has_a_replacement_for_each_ill_formed_sequence) {
  const std::string r = "\xef\xbf\xbd";
  const struct {
    std::string bytes, expected;
  } rows[] = {
      {"", ""},
      {"plain\x7f", "plain\x7f"},
      {"\xc2\x80 \xdf\xbf", "\xc2\x80 \xdf\xbf"},
      {"\xe0\xa0\x80 \xed\x9f\xbf \xee\x80\x80 \xef\xbf\xbf", "\xe0\xa0\x80 \xed\x9f\xbf \xee\x80\x80 \xef\xbf\xbf"},
      {"\xf0\x90\x80\x80 \xf4\x8f\xbf\xbf", "\xf0\x90\x80\x80 \xf4\x8f\xbf\xbf"},
      {std::string("a\0b", 3), "a" + r + "b"},
      {"\x80", r},
      {"\xff\xfe", r + r},
      {"\xc0\xaf", r + r},                  // overlong
      {"\xe0\x9f\xbf", r + r + r},          // overlong
      {"\xed\xa0\x80", r + r + r},          // a surrogate
      {"\xf4\x90\x80\x80", r + r + r + r},  // beyond U+10FFFF
      {"\xf5x", r + "x"},
      {"\xc3", r},
      {"\xc3x", r + "x"},
      {"\xe2\x82x", r + "x"},  // cut off: one replacement for what could have become a character
      {"\xf0\x9f\x92", r},
      {"\xf0\x9f\x92\xc3\xa9", r + "\xc3\xa9"},
  };
  for (const auto& row : rows) EXPECT_EQ(well_formed_utf8(row.bytes), row.expected) << row.bytes;
}
