#include "policy/user_spec.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace lineshaft::policy;
using namespace std::string_literals;

TEST(user_spec, is_a_user_and_perhaps_a_group_by_name_or_number) {
  const struct {
    std::string text;
    user_spec expected;
  } table[] = {
      {"redis", {"redis"s, {}}},
      {"redis:www-data", {"redis"s, "www-data"s}},
      {"redis:33", {"redis"s, 33U}},
      {"1000", {1000U, {}}},
      {"1000:1001", {1000U, 1001U}},
      {"0:0", {0U, 0U}},
      {"007", {7U, {}}},
      {"4294967294", {4294967294U, {}}},
      {"7up", {"7up"s, {}}},
      {"-1", {"-1"s, {}}},
      {"a b", {"a b"s, {}}},
  };
  for (const auto& row : table) {
    const auto spec = parse_user_spec(row.text);
    ASSERT_TRUE(spec) << row.text;
    EXPECT_EQ(*spec, row.expected) << row.text;
  }
}

TEST(user_spec, of_another_shape_or_with_a_number_that_nobody_has_is_refused) {
  for (const auto& text : {""s, ":"s, ":redis"s, "redis:"s, "a:b:c"s, "a::b"s, "4294967295"s, "1:4294967295"s,
                           "4294967296"s, "99999999999999999999"s, "a\0b"s}) {
    const auto spec = parse_user_spec(text);
    ASSERT_FALSE(spec) << text;
    EXPECT_THAT(spec.error().message(), testing::HasSubstr("expected USER or USER:GROUP")) << text;
  }
}
