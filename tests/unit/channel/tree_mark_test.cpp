#include "channel/tree_mark.hpp"

#include <gtest/gtest.h>

using lineshaft::channel::marks_of;
using lineshaft::channel::tree_mark;
using lineshaft::channel::tree_marks;

TEST(tree_mark, is_the_managers_and_then_the_trees) {
  const auto marks = tree_marks(nullptr, 0xab);
  EXPECT_EQ(tree_mark(marks, 7), "LINESHAFT_TREE=00000000000000ab-0000000000000007");
  EXPECT_EQ(tree_mark(marks, 0).size(), tree_mark(marks, ~0ULL).size());
}

TEST(tree_mark, of_a_manager_in_a_worker_begins_with_the_workers) {
  const auto outer = tree_mark(tree_marks(nullptr, 1), 2);
  const auto inner = tree_mark(tree_marks(outer.c_str() + std::string("LINESHAFT_TREE=").size(), 3), 4);
  EXPECT_EQ(inner, outer + "/0000000000000003-0000000000000004");
}

TEST(tree_mark, of_the_fork_server_says_what_all_of_its_manager_begin_with) {
  for (const char* own : {static_cast<const char*>(nullptr), "", "0000000000000001-0000000000000002", "what else"}) {
    const auto marks = tree_marks(own, 3);
    EXPECT_EQ(marks_of(tree_mark(marks, 0).c_str() + std::string("LINESHAFT_TREE=").size()), marks);
  }
}

TEST(tree_mark, none_says_nothing_that_everybody_could_begin_with) {
  EXPECT_EQ(marks_of(nullptr), "");
  EXPECT_EQ(marks_of(""), "");
  EXPECT_EQ(marks_of("1"), "");
}
