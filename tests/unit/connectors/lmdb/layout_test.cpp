#include "lmdb/layout.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>

using namespace lineshaft;

TEST(layout, orders_scores_as_numbers_are_ordered) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const double ascending[] = {-infinity, -1e300, -2, -1, -1e-300, 0, 1e-300, 1, 1.5, 2, 1e300, infinity};
  for (std::size_t i = 0; i < std::size(ascending); ++i) {
    EXPECT_EQ(lmdb::score_of(lmdb::sortable(ascending[i])), ascending[i]);
    if (i == 0) continue;
    EXPECT_LT(lmdb::sortable(ascending[i - 1]), lmdb::sortable(ascending[i]));
    std::string before, after;
    lmdb::append_number(before, lmdb::sortable(ascending[i - 1]));
    lmdb::append_number(after, lmdb::sortable(ascending[i]));
    EXPECT_LT(before, after);
    EXPECT_EQ(lmdb::read_number(after), lmdb::sortable(ascending[i]));
  }
  EXPECT_EQ(lmdb::sortable(-0.0), lmdb::sortable(0.0));
  EXPECT_EQ(lmdb::read_number("1234567"), std::nullopt);
}

TEST(layout, keeps_the_children_of_two_keys_apart) {
  EXPECT_EQ(lmdb::child_prefix("ab"), std::string("\0\2ab", 4));
  EXPECT_FALSE(lmdb::child_prefix("ab").starts_with(lmdb::child_prefix("a")));
  EXPECT_EQ(lmdb::child_prefix(std::string(300, 'k')).substr(0, 2), std::string("\1\x2c", 2));
}

TEST(layout, brings_fields_back_and_refuses_what_is_cut_off) {
  const std::vector<lmdb::field_view> fields = {{"", ""}, {"a", "1"}, {"name", std::string_view("\0x", 2)}};
  const auto content = lmdb::encode_fields(fields);
  EXPECT_EQ(lmdb::decode_fields(content), fields);
  EXPECT_EQ(lmdb::decode_fields(""), std::vector<lmdb::field_view>());
  int refused = 0;
  for (std::size_t size = 1; size < content.size(); ++size)
    refused += lmdb::decode_fields(content.substr(0, size)) ? 0 : 1;
  EXPECT_GT(refused, 20);
}

TEST(layout, of_any_bytes_stays_inside_them) {
  std::mt19937 random(37);
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes(random() % 48, '\0');
    for (auto& byte : bytes) byte = static_cast<char>(random() % 4 == 0 ? random() : random() % 8);
    const auto inside = [&](std::string_view part) {
      return part.data() >= bytes.data() && part.data() + part.size() <= bytes.data() + bytes.size();
    };
    const auto record = lmdb::decode_record(bytes);
    EXPECT_TRUE(!record || inside(record->content));
    const auto fields = lmdb::decode_fields(bytes);
    if (!fields) continue;
    for (const auto& [name, value] : *fields) ASSERT_TRUE(inside(name) && inside(value));
  }
}
