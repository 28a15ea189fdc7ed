#include "supervisor/per_collection.hpp"

#include <gtest/gtest.h>

using lineshaft::supervisor::per_collection;

TEST(per_collection, reads_once_however_many_instruments_there_are_and_again_for_the_next) {
  int read = 0;
  per_collection<int> numbers([&] { return ++read; });
  const char a = 0, b = 0, late = 0;
  for (const int collection : {1, 2, 3}) {
    EXPECT_EQ(*numbers.value_for(&a), collection);
    EXPECT_EQ(*numbers.value_for(&b), collection);
  }
  EXPECT_EQ(*numbers.value_for(&late), 3);
  EXPECT_EQ(*numbers.value_for(&b), 4) << "whoever is the first to ask again";
  EXPECT_EQ(*numbers.value_for(&a), 4);
  EXPECT_EQ(*numbers.value_for(&late), 4);
  EXPECT_EQ(read, 4);
}

TEST(per_collection, what_an_instrument_has_been_given_stays_as_it_was) {
  int read = 0;
  per_collection<int> numbers([&] { return ++read; });
  const char a = 0;
  const auto first = numbers.value_for(&a);
  EXPECT_EQ(*numbers.value_for(&a), 2);
  EXPECT_EQ(*first, 1);
}

TEST(per_collection, what_others_were_given_is_nothing_to_those_that_ask_after_the_end) {
  int read = 0;
  per_collection<int> numbers([&] { return ++read; });
  const char former = 0, next = 0;
  EXPECT_EQ(*numbers.value_for(&former), 1);
  numbers.forget();
  EXPECT_EQ(*numbers.value_for(&next), 2);
}
