#include "config/document.hpp"

#include <gtest/gtest.h>

using namespace lineshaft::config;

namespace {

std::string names(const value& of) {
  std::string text;
  for (const auto& one : *of.as<table>()) text += one.name + " ";
  return text;
}

}  // namespace

TEST(document, keeps_the_order_of_the_file_and_the_places) {
  const auto read = parse_document("p.toml", "[worker.zulu]\nx = 1\n\n[worker.alpha]\n  b = 'x'\na = 2\n");
  ASSERT_TRUE(read);
  const auto& workers = read->as<table>()->front().content;
  EXPECT_EQ(names(workers), "zulu alpha ");
  const auto& alpha = find(*workers.as<table>(), "alpha")->content;
  EXPECT_EQ(names(alpha), "b a ");
  const auto* b = find(*alpha.as<table>(), "b");
  EXPECT_EQ(b->where.line, 5U);
  EXPECT_EQ(b->where.column, 3U);
  EXPECT_EQ(b->content.where.column, 7U);
}

TEST(document, merges_tables_and_replaces_everything_else) {
  auto first = parse_document("a", "x = 1\n[t]\na = 1\nl = [1, 2]\n[u]\nz = 1").value();
  merge(first, parse_document("b", "y = 2\n[t]\na = 5\nl = [3]\nn = 1\n").value());
  std::string text;
  for (const auto& one : *first.as<table>()) text += one.name + "=" + to_text(one.content) + " ";
  EXPECT_EQ(text, "x=1 t=a table u=a table y=2 ");
  const auto merged = to_json(find(*first.as<table>(), "t")->content);
  EXPECT_EQ(merged, (boost::json::object{{"a", 5}, {"l", {3}}, {"n", 1}}));
  EXPECT_EQ(*find(*find(*first.as<table>(), "t")->content.as<table>(), "a")->where.file, "b");
}
