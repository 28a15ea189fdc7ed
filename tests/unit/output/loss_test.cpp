#include "output/loss.hpp"

#include <gtest/gtest.h>

using namespace lineshaft::output;

TEST(loss, adds_up_and_says_how_much_and_why) {
  loss lost;
  EXPECT_FALSE(lost);
  lost.add(1, 5, "No space left on device");
  EXPECT_TRUE(lost);
  EXPECT_EQ(lost.text(), "1 line (5 bytes): No space left on device");
  lost.add(2, 10, "Input/output error");
  EXPECT_EQ(lost.text(), "3 lines (15 bytes): Input/output error");
}
