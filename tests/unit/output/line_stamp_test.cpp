#include "output/line_stamp.hpp"

#include <gtest/gtest.h>

using namespace lineshaft::output;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::system_clock::time_point moment =
    std::chrono::sys_days(std::chrono::year(2026) / 11 / 24) + 13h + 50min + 4s + 7ms;

}  // namespace

TEST(line_stamp, says_time_worker_generation_and_stream) {
  line_stamp stamp("collector-1", 3);
  stamp.at(moment);
  std::string text;
  stamp.write({"hello", line_end::complete}, stream::out, text);
  stamp.write({"", line_end::complete}, stream::err, text);
  EXPECT_EQ(text, "2026-11-24T13:50:04.007Z collector-1/3 out hello\n2026-11-24T13:50:04.007Z collector-1/3 err \n");
}

TEST(line_stamp, marks_a_line_that_goes_on_and_a_word_of_its_own) {
  line_stamp stamp("a", 1);
  stamp.at(moment);
  std::string text;
  stamp.write({"x", line_end::continued}, stream::out, text);
  stamp.write({"y", line_end::continued}, stream::err, text);
  stamp.write_notice("1 line (2 bytes): because", text);
  EXPECT_EQ(text,
            "2026-11-24T13:50:04.007Z a/1 out+ x\n2026-11-24T13:50:04.007Z a/1 err+ y\n"
            "2026-11-24T13:50:04.007Z a/1 lost 1 line (2 bytes): because\n");
}

TEST(line_stamp, follows_the_time_also_backwards_and_always_takes_the_same_space) {
  line_stamp stamp("a", 1);
  for (const auto at : {moment, moment + 1ms, moment - 24h, moment + 26h, moment + 400us}) {
    stamp.at(at);
    std::string text;
    stamp.write({"x", line_end::continued}, stream::out, text);
    EXPECT_EQ(text.substr(0, 24), std::format("{:%FT%T}Z", std::chrono::floor<std::chrono::milliseconds>(at)));
    EXPECT_EQ(text.size(), stamp.overhead() + 1);
  }
}

TEST(line_stamp, lets_what_the_worker_printed_be_measured) {
  line_stamp stamp("a", 1);
  std::string text;
  EXPECT_EQ(measure(text), amount());
  stamp.write({"hello you", line_end::complete}, stream::out, text);
  EXPECT_EQ(measure(text), (amount{1, 10}));
  stamp.write({"", line_end::complete}, stream::err, text);
  EXPECT_EQ(measure(text), (amount{2, 11}));
  stamp.write({"xyz", line_end::continued}, stream::err, text);
  EXPECT_EQ(measure(text), (amount{3, 14}));
  stamp.write_notice("1 line (2 bytes): because", text);
  EXPECT_EQ(measure(text), (amount{3, 14})) << "the manager's own";
  EXPECT_EQ(measure("o you\n" + text), (amount{4, 20})) << "the rest of a line that was torn";
}
