#include "output/admission.hpp"

#include <gtest/gtest.h>

using namespace lineshaft::output;
using lineshaft::output_overflow;

TEST(admission, takes_while_there_is_room_and_then_waits_or_drops_as_declared) {
  struct {
    backlog now;
    admission block, drop;
  } table[] = {
      {{0, 0}, admission::take, admission::take},
      {{most_for_one - 1, most_for_one - 1}, admission::take, admission::take},
      {{most_for_one, most_for_one}, admission::wait, admission::drop},
      {{0, most_for_all - 1}, admission::take, admission::take},
      {{0, most_for_all}, admission::wait, admission::drop},
  };
  for (const auto& row : table) {
    EXPECT_EQ(admit(row.now, output_overflow::block), row.block) << row.now.own << ' ' << row.now.total;
    EXPECT_EQ(admit(row.now, output_overflow::drop), row.drop) << row.now.own << ' ' << row.now.total;
  }
}

TEST(admission, takes_what_the_dead_have_left_beyond_that_but_not_without_end) {
  EXPECT_EQ(admit_last_words({most_for_one, most_for_all}), admission::take);
  EXPECT_EQ(admit_last_words({most_of_the_dead, most_of_the_dead}), admission::drop);
  EXPECT_EQ(admit_last_words({0, 2 * most_for_all}), admission::drop);
}

TEST(admission, lets_those_that_wait_go_on_when_half_is_written) {
  EXPECT_TRUE(has_room_again({most_for_one / 2, most_for_all / 2}));
  EXPECT_FALSE(has_room_again({most_for_one / 2 + 1, 0}));
  EXPECT_FALSE(has_room_again({0, most_for_all / 2 + 1}));
}
