#include "telemetry/traceparent.hpp"

#include <gtest/gtest.h>

using namespace lineshaft::telemetry;

namespace {

const std::string valid = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

std::string read_and_written(std::string_view header) {
  const auto parent = parse_traceparent(header);
  return parent ? format_traceparent(*parent) : "ignored";
}

}  // namespace

TEST(traceparent, is_read_to_the_byte) {
  const auto parent = parse_traceparent(valid);
  ASSERT_TRUE(parent);
  EXPECT_EQ(parent->trace_id.front(), 0x0a);
  EXPECT_EQ(parent->trace_id.back(), 0x9c);
  EXPECT_EQ(parent->span_id.front(), 0xb7);
  EXPECT_EQ(parent->span_id.back(), 0x31);
  EXPECT_EQ(parent->flags, 1);
}

TEST(traceparent, is_accepted_and_written_again_as_version_00) {
  const std::string ids = "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331";
  const struct {
    std::string header, expected;
  } rows[] = {
      {valid, valid},
      {"00-" + ids + "-00", "00-" + ids + "-00"},
      {"00-" + ids + "-02", "00-" + ids + "-02"},
      {"00-" + ids + "-03", "00-" + ids + "-03"},
      // unknown flags are sent as 0
      {"00-" + ids + "-ff", "00-" + ids + "-03"},
      {"00-" + ids + "-04", "00-" + ids + "-00"},
      // blanks around a header are none of its text
      {" \t" + valid + " \t", valid},
      // a later version: the part that is known
      {"cc-" + ids + "-01", valid},
      {"01-" + ids + "-01-extra", valid},
      {"cc-" + ids + "-01-", valid},
      {"cc-" + ids + "-ff-what-the-future-will-be-like", "00-" + ids + "-03"},
      {"fe-" + ids + "-01-" + std::string(1 << 20, 'x'), valid},
  };
  for (const auto& row : rows) EXPECT_EQ(read_and_written(row.header), row.expected) << row.header.substr(0, 100);
}

TEST(traceparent, is_ignored_where_it_is_malformed) {
  const std::string ids = "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331";
  const std::string rows[] = {
      "",
      " ",
      "0",
      "00-",
      "---",
      "00-" + ids,
      "00-" + ids + "-",
      "00-" + ids + "-1",
      "00-" + ids + "-001",
      "0-" + ids + "-01",
      "000-" + ids + "-01",
      // trailing data in version 00
      valid + "-",
      valid + "-extra",
      valid + ".",
      valid + "\n",
      "\n" + valid,
      valid + "," + valid,
      // the version that never will be, and later ones that are not set apart
      "ff-" + ids + "-01",
      "ff-" + ids + "-01-extra",
      "cc-" + ids + "-01.extra",
      "cc-" + ids + "-011",
      "cc-" + ids,
      // not lower-case hex
      "CC-" + ids + "-01",
      "0x-" + ids + "-01",
      ".0-" + ids + "-01",
      "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
      "00-0af7651916cd43dd8448eb211c80319c-B7AD6B7169203331-01",
      "00-" + ids + "-0A",
      "00-" + ids + "-0x",
      "00-.af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
      "00-0af7651916cd43dd8448eb211c80319g-b7ad6b7169203331-01",
      "00-0af7651916cd43dd8448eb211c80319c-b7ad6b716920333\xe9-01",
      // ids of a wrong length, or all zero
      "00-0af7651916cd43dd8448eb211c80319-b7ad6b7169203331-01",
      "00-0af7651916cd43dd8448eb211c80319c0-b7ad6b7169203331-01",
      "00-0af7651916cd43dd8448eb211c80319c-b7ad6b716920333-01",
      "00-00000000000000000000000000000000-b7ad6b7169203331-01",
      "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
      // other separators
      "00_0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331_01",
      "00 0af7651916cd43dd8448eb211c80319c b7ad6b7169203331 01",
      std::string(1 << 20, 'x'),
      std::string(55, '\0'),
  };
  for (const auto& row : rows) EXPECT_EQ(read_and_written(row), "ignored") << row.substr(0, 100);
}
