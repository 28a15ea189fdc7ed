#include "output/line_ring.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace lineshaft::output;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

namespace {

std::vector<std::string> numbers(int from, int to) {
  std::vector<std::string> all;
  for (int number = from; number < to; ++number) all.push_back(std::to_string(number));
  return all;
}

}  // namespace

TEST(line_ring, keeps_the_last_fifty_oldest_first) {
  line_ring ring;
  EXPECT_THAT(ring.lines(), IsEmpty());
  for (int number = 0; number < 173; ++number) {
    ring.add(std::to_string(number));
    EXPECT_EQ(ring.lines(), numbers(std::max(0, number - 49), number + 1));
  }
}

TEST(line_ring, keeps_the_beginning_of_a_long_line) {
  line_ring ring;
  ring.add(std::string(kept_of_a_line, 'a') + "b");
  EXPECT_THAT(ring.lines(), ElementsAre(std::string(kept_of_a_line, 'a')));
}

TEST(batch_tail, brings_the_last_lines_of_a_batch_of_any_size) {
  for (const int size : {0, 1, 49, 50, 51, 99, 100, 1234}) {
    line_ring ring;
    ring.add("before");
    batch_tail tail;
    const auto texts = numbers(0, size);
    for (const auto& text : texts) tail.add({text, line_end::complete});
    tail.move_to(ring);
    auto expected = numbers(std::max(0, size - 50), size);
    if (size < 50) expected.insert(expected.begin(), "before");
    EXPECT_EQ(ring.lines(), expected) << size;
    tail.move_to(ring);
    EXPECT_EQ(ring.lines(), expected) << "it is empty now";
  }
}
