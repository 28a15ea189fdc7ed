#include "supervisor/program_word.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace lineshaft;
using namespace lineshaft::supervisor;

namespace {

constexpr policy::time_point now{std::chrono::hours(1)};

}  // namespace

TEST(program_word, is_the_last_one_of_each_kind) {
  program_word word;
  word.take({.status = "one"}, now);
  word.take({.ready = true}, now);
  EXPECT_EQ(word.status, "one");
  word.take({.status = ""}, now);
  EXPECT_EQ(word.status, "");
  word.take({.error_number = 2}, now);
  EXPECT_EQ(word.error, "No such file or directory");
  word.take({.error_number = 0}, now);
  EXPECT_EQ(word.error, "");
  EXPECT_FALSE(word.beat);
  word.take({.watchdog = true}, now);
  EXPECT_EQ(word.beat, now);
  word.take({.watchdog_trigger = true}, now);
  EXPECT_TRUE(word.wants_watchdog);
}

TEST(program_word, of_reloading_ends_with_readiness) {
  program_word word;
  word.take({.reloading = true}, now);
  EXPECT_TRUE(word.reloading);
  word.take({.status = "still"}, now);
  EXPECT_TRUE(word.reloading);
  word.take({.ready = true}, now);
  EXPECT_FALSE(word.reloading);
}

TEST(program_word, that_is_not_believed_is_noted_once_and_not_without_end) {
  program_word word;
  for (int n = 0; n < 3; ++n) word.take({.main_pid = "1"}, now);
  EXPECT_THAT(word.notes, testing::ElementsAre("MAINPID=1 refused: the worker is the process that was started"));
  for (int n = 0; n < 100; ++n) word.take({.main_pid = std::to_string(n) + std::string(5000, 'x')}, now);
  EXPECT_EQ(word.notes.size(), 8U);
  EXPECT_LT(word.notes.back().size(), 100U);
}

TEST(program_word, of_any_process_is_fit_to_be_shown_and_not_endless) {
  EXPECT_EQ(word_of_process("cannot connect"), "cannot connect");
  EXPECT_EQ(word_of_process("\xff"), "\xef\xbf\xbd");
  EXPECT_EQ(word_of_process(std::string(longest_word, 'x')), std::string(longest_word, 'x'));
  const auto cut = word_of_process(std::string(1 << 20, 'x'));
  EXPECT_EQ(cut.size(), longest_word);
  EXPECT_TRUE(cut.ends_with("x …"));
  std::string wide;
  while (wide.size() <= longest_word) wide += "é";
  EXPECT_THAT(word_of_process(wide), ::testing::Not(::testing::HasSubstr("\xef\xbf\xbd"))) << "no half character";
}
