#include "market_data/wire/members.hpp"

#include <gtest/gtest.h>

#include <random>

using namespace market_data;

namespace {

using members = std::vector<member>;

members split(std::string_view object) {
  members found{{"left", "over"}};
  return split_members(object, found) ? found : members{{"no", "object"}};
}

}  // namespace

TEST(members, are_the_keys_and_values_of_an_object_as_they_stand) {
  EXPECT_EQ(split("{}"), members{});
  EXPECT_EQ(
      split(R"({ "a" : 1.10 , "b":"x,}\"" ,"c":[1,{"d":"]"}],"e":{"f":[]},"g":null})"),
      (members{{"a", "1.10"}, {"b", R"("x,}\"")"}, {"c", R"([1,{"d":"]"}])"}, {"e", R"({"f":[]})"}, {"g", "null"}}));
  EXPECT_EQ(split("{\"a\\\"b\":\"\\\\\"\n}"), (members{{R"(a\"b)", R"("\\")"}}));
}

TEST(members, are_none_of_what_is_no_object_from_end_to_end) {
  for (auto text : {"", " ", "7", "[]", "{", "}", "{}x", " {}", R"({"a"})", R"({"a":})", R"({"a":1)", R"({"a":1,})",
                    R"({"a":"x)", R"({"a":[1})", R"({"a":"x\)", R"({"a" 1})", R"({a:1})", R"({"a":1 "b":2})"}) {
    EXPECT_EQ(split(text), (members{{"no", "object"}})) << text;
  }
}

TEST(members, can_be_looked_for_in_any_bytes) {
  constexpr std::string_view alphabet = "{}[]\",:\\ 1a";
  std::mt19937 random(1);
  for (int round = 0; round < 100'000; ++round) {
    // On the heap and of just this size, so that a sanitizer sees a step outside.
    std::vector<char> text(1 + random() % 12);
    for (auto& c : text) c = alphabet[random() % alphabet.size()];
    text.front() = '{';
    for (const auto& [key, value] : split({text.data(), text.size()})) EXPECT_FALSE(value.empty());
  }
}

TEST(unquoted, is_the_inside_of_a_string) {
  EXPECT_EQ(unquoted(R"("AAPL")"), "AAPL");
  EXPECT_EQ(unquoted("12"), "");
  EXPECT_EQ(unquoted("\""), "");
}
