#include "output/line_splitter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <vector>

using namespace lineshaft::output;
using ::testing::ElementsAre;

namespace {

constexpr std::size_t limit = 8;

struct cut {
  std::vector<line> lines;
  std::string_view rest;
};

cut split(std::string_view text) {
  line_splitter splitter(text, limit);
  cut done;
  while (const auto next = splitter.next()) done.lines.push_back(*next);
  done.rest = splitter.rest();
  return done;
}

line whole(std::string_view text) { return {text, line_end::complete}; }
line piece(std::string_view text) { return {text, line_end::continued}; }

}  // namespace

TEST(line_splitter, cuts_at_newlines_and_keeps_the_beginning_of_the_next_line) {
  EXPECT_THAT(split("").lines, ElementsAre());
  EXPECT_THAT(split("a").lines, ElementsAre());
  EXPECT_EQ(split("a").rest, "a");
  EXPECT_THAT(split("a\n").lines, ElementsAre(whole("a")));
  EXPECT_EQ(split("a\n").rest, "");
  EXPECT_THAT(split("\n\nb\nc").lines, ElementsAre(whole(""), whole(""), whole("b")));
  EXPECT_EQ(split("\n\nb\nc").rest, "c");
}

TEST(line_splitter, takes_a_line_of_exactly_the_limit_whole_whenever_its_newline_comes) {
  EXPECT_THAT(split("12345678").lines, ElementsAre()) << "the newline may be next";
  EXPECT_THAT(split("12345678\n").lines, ElementsAre(whole("12345678")));
}

TEST(line_splitter, gives_a_line_beyond_the_limit_in_pieces_that_say_so) {
  EXPECT_THAT(split("123456789").lines, ElementsAre(piece("12345678")));
  EXPECT_EQ(split("123456789").rest, "9");
  EXPECT_THAT(split("1234567890123456789\nx\n").lines,
              ElementsAre(piece("12345678"), piece("90123456"), whole("789"), whole("x")));
}

TEST(line_splitter, does_not_cut_a_character_in_two_unless_these_are_none) {
  EXPECT_THAT(split("1234567ä!\n").lines, ElementsAre(piece("1234567"), whole("ä!")));
  EXPECT_THAT(split("123456€!\n").lines, ElementsAre(piece("123456"), whole("€!")));
  EXPECT_THAT(split("12345😀!\n").lines, ElementsAre(piece("12345"), whole("😀!")));
  EXPECT_THAT(split("1234😀!\n").lines, ElementsAre(piece("1234😀"), whole("!")));
  const std::string no_text(12, '\x80');
  EXPECT_THAT(split(no_text).lines, ElementsAre(piece(std::string_view(no_text).substr(0, 8))));
}

TEST(line_splitter, loses_and_adds_no_byte_whatever_comes) {
  std::mt19937 random(1);
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (auto size = random() % 60; size > 0; --size) text += random() % 4 == 0 ? '\n' : static_cast<char>(random());
    const auto done = split(text);
    std::string again;
    for (const auto& one : done.lines) {
      EXPECT_LE(one.text.size(), limit);
      again += one.text;
      if (one.end == line_end::complete) again += '\n';
    }
    EXPECT_LE(done.rest.size(), limit);
    EXPECT_EQ(again + std::string(done.rest), text);
  }
}
