#include "telemetry/baggage.hpp"

#include <gtest/gtest.h>

using namespace lineshaft::telemetry;

namespace {

std::string read_and_written(std::string_view header) { return format_baggage(parse_baggage(header)); }

std::string members(int count, std::size_t value_length = 1) {
  std::string header;
  for (int i = 0; i < count; ++i) {
    header += (header.empty() ? "" : ",") + ('k' + std::to_string(100 + i)) + '=' + std::string(value_length, '/');
  }
  return header;
}

}  // namespace

TEST(baggage, is_read_decoded_with_its_properties_as_they_are) {
  const std::vector<baggage_member> expected = {{"user", "Am\xc3\xa9lie", ""},
                                                {"text", "a b+c", "p=%20;q"},
                                                {"empty", "", ""},
                                                {"zero", std::string(1, '\0'), ""}};
  EXPECT_EQ(parse_baggage("user=Am%C3%A9lie, text = a%20b+c ; p = %20 ; q,empty=,zero=%00"), expected);
}

TEST(baggage, is_written_as_short_as_the_grammar_allows) {
  const struct {
    std::string header, expected;
  } rows[] = {
      {"", ""},
      {"a=1", "a=1"},
      {"a=1,b=2", "a=1,b=2"},
      {" a = 1 \t,\t b = 2 ", "a=1,b=2"},
      {"a=1,,  ,b=2,", "a=1,b=2"},
      {"a=", "a="},
      // legal as they are
      {"a=/:@!*=#$&'()-._~<>?[]^`{|}", "a=/:@!*=#$&'()-._~<>?[]^`{|}"},
      {"!#$%&'*+-.^_`|~09azAZ=1", "!#$%&'*+-.^_`|~09azAZ=1"},
      {"a=b=c==", "a=b=c=="},
      // a plus is a plus, a blank is %20
      {"a=1+1", "a=1+1"},
      {"a=1%201", "a=1%201"},
      {"a=1%2B1", "a=1+1"},
      // encoded where it has to be, in UTF-8 and in what is none
      {"a=Am%C3%A9lie", "a=Am%C3%A9lie"},
      {"a=%c3%a9", "a=%C3%A9"},
      {"a=%ff%FE", "a=%FF%FE"},
      {"a=%00%0A%7f", "a=%00%0A%7F"},
      {"a=%41%2d%7E", "a=A-~"},
      // what separates stays encoded: no member and no property comes into being
      {"a=x%2C%3B%3D%25%22%5C", "a=x%2C%3B=%25%22%5C"},
      {"a=%3Badmin=1%2Cb=2", "a=%3Badmin=1%2Cb=2"},
      {"a=%253B", "a=%253B"},
      // properties are kept
      {"a=1;p", "a=1;p"},
      {"a=1;p=v;q=%3B;r", "a=1;p=v;q=%3B;r"},
      {"a=1 ; p = v ;q", "a=1;p=v;q"},
      {"a=1;p=", "a=1;p="},
      {"a=1;;p;", "a=1;p"},
      {"a=;p", "a=;p"},
      // the keys of one name: one member
      {"a=1,b=2,a=3;p", "a=3;p,b=2"},
      {"a=1,A=2", "a=1,A=2"},
  };
  for (const auto& row : rows) EXPECT_EQ(read_and_written(row.header), row.expected) << row.header;
}

TEST(baggage, leaves_malformed_members_out_whole_and_keeps_the_rest) {
  const std::string rows[] = {
      "b",       "=2",         " =2",         "b;p",      "b b=2",
      "b(=2",    "b\"=2",      "b\xc3\xa9=2", "b=2 2",    "b=\"2\"",
      "b=\\",    "b=\xc3\xa9", "b=2\n",       "b=\x7f",   std::string("b=\0", 3),
      "b=%zz",   "b=%4",       "b=%",         "b=%%41",   "b=2;=v",
      "b=2;p p", "b=2;p=v v",  "b=2;p=%zz",   "b=2;p;\"",
  };
  for (const auto& row : rows) EXPECT_EQ(read_and_written("a=1," + row + ",c=3"), "a=1,c=3") << row;
}

TEST(baggage, passes_64_members_and_8192_bytes_and_no_more_and_no_part_of_one) {
  const auto exactly = members(64, 122) + "/";
  ASSERT_EQ(exactly.size(), 8192u);
  const std::string widest = "w=" + std::string(8190, '/');
  const struct {
    std::string header, expected;
  } rows[] = {
      {members(64), members(64)},
      {members(65), members(64)},
      {members(180), members(64)},
      {exactly, exactly},
      {widest, widest},
      {widest + '/', ""},
      {widest + ",a=1", widest},
      // what does not fit makes room for what does
      {widest + "/,a=1", "a=1"},
      {"a=1," + widest + ",b=2", "a=1,b=2"},
      {members(64) + ",k100=new", "k100=/" + members(64).substr(6)},
  };
  for (const auto& row : rows) EXPECT_EQ(read_and_written(row.header), row.expected) << row.header.substr(0, 200);
}

TEST(baggage, encodes_only_what_has_to_be_so_that_a_legal_header_never_grows) {
  const baggage_member given[] = {{"a", std::string(300, '/'), ""}};
  EXPECT_EQ(format_baggage(given).size(), 302u);
}

TEST(baggage, is_never_written_with_a_key_that_is_no_token) {
  const baggage_member given[] = {{"", "1", ""}, {"a,b", "1", ""}, {"a=b", "1", ""}, {"a b", "1", ""}, {"ok", "1", ""}};
  EXPECT_EQ(format_baggage(given), "ok=1");
}
