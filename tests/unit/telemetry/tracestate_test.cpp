#include "telemetry/tracestate.hpp"

#include <gtest/gtest.h>

using namespace lineshaft::telemetry;

namespace {

std::string read_and_written(std::string_view header) { return format_tracestate(parse_tracestate(header)); }

std::string members(int from, int count, std::size_t value_length = 1) {
  std::string header;
  for (int i = from; i < from + count; ++i) {
    header += (header.empty() ? "k" : ",k") + std::to_string(i) + '=' + std::string(value_length, 'v');
  }
  return header;
}

}  // namespace

TEST(tracestate, keeps_the_well_formed_members_in_their_order) {
  const std::string long_key(256, 'k'), long_value(256, 'v');
  const struct {
    std::string header, expected;
  } rows[] = {
      {"", ""},
      {"foo=1", "foo=1"},
      {"rojo=00f067aa0ba902b7,congo=t61rcWkgMzE", "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"},
      {"foo=1 \t , \t bar=2, \t baz=3", "foo=1,bar=2,baz=3"},
      {"foo=1,,, ,bar=2,", "foo=1,bar=2"},
      {"0a=1,a_-*/z9=2", "0a=1,a_-*/z9=2"},
      {"tenant@system=1", "tenant@system=1"},
      {std::string(241, 't') + '@' + std::string(14, 's') + "=1",
       std::string(241, 't') + '@' + std::string(14, 's') + "=1"},
      {"foo= 1", "foo= 1"},
      {"foo=!\"#$%&'()*+-./:;<>?@[\\]^_`{|}~", "foo=!\"#$%&'()*+-./:;<>?@[\\]^_`{|}~"},
      {long_key + "=1", long_key + "=1"},
      {"foo=" + long_value, "foo=" + long_value},
      // 32 members, then one more
      {members(0, 32), members(0, 32)},
      {members(0, 33), members(0, 32)},
      // malformed members, each left out whole
      {"foo=1,bar", "foo=1"},
      {"foo=1,bar=", "foo=1"},
      {"foo=1,=2", "foo=1"},
      {"foo=1,bar=a=b,baz=3", "foo=1,baz=3"},
      {"Foo=1,bar=2", "bar=2"},
      {"foo =1,bar=2", "bar=2"},
      {"foo.bar=1,bar=2", "bar=2"},
      {"_foo=1,-foo=1,@foo=1,bar=2", "bar=2"},
      {"foo@=1,@foo=1,a@b@c=1,a@B=1,bar=2", "bar=2"},
      {std::string(242, 't') + "@v=1,t@" + std::string(15, 'v') + "=1,bar=2", "bar=2"},
      {long_key + "k=1,bar=2", "bar=2"},
      {"foo=" + long_value + "v,bar=2", "bar=2"},
      {"foo=caf\xc3\xa9,bar=2", "bar=2"},
      {std::string("foo=a\0b,bar=2", 13), "bar=2"},
      {"foo=a\tb,bar=2", "bar=2"},
      {"foo=1\n,bar=2", "bar=2"},
      // one key twice: the left one is the younger
      {"foo=1,bar=2,foo=3", "foo=1,bar=2"},
  };
  for (const auto& row : rows) EXPECT_EQ(read_and_written(row.header), row.expected) << row.header;
}

TEST(tracestate, is_cut_to_512_bytes_by_whole_members_long_ones_first) {
  const std::string half(126, 'v');
  const auto exactly = "a=" + half + ",b=" + half + ",c=" + half + ",d=" + half.substr(3);
  ASSERT_EQ(exactly.size(), 512u);
  const struct {
    std::string header, expected;
  } rows[] = {
      {exactly, exactly},
      {exactly + "v", exactly.substr(0, 3 * 129 - 1)},
      {exactly + ",e=1", exactly},
      {"e=1," + exactly, "e=1," + exactly.substr(0, 3 * 129 - 1)},
      // what is longer than 128 bytes goes first, wherever it stands; what is not too long in all stays
      {"long=" + std::string(200, 'v') + ',' + exactly, exactly},
      {"long=" + std::string(256, 'v'), "long=" + std::string(256, 'v')},
      {"long=" + std::string(256, 'v') + ',' + members(10, 10, 30), members(10, 10, 30)},
      {std::string(256, 'k') + '=' + std::string(256, 'v'), ""},
  };
  for (const auto& row : rows) EXPECT_EQ(read_and_written(row.header), row.expected) << row.header;
}

TEST(tracestate, is_never_written_with_a_key_twice) {
  const tracestate_member given[] = {{"a", "new"}, {"b", "1"}, {"a", "old"}};
  EXPECT_EQ(format_tracestate(given), "a=new,b=1");
}
