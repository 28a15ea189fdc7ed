#include "output/rotation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

using namespace lineshaft::output;
using namespace std::chrono_literals;
using ::testing::ElementsAre;

TEST(rotation, by_size_fills_a_file_with_whole_lines_and_never_beyond_its_size) {
  struct {
    std::string_view lines;
    std::uint64_t size, rotate_size;
    std::size_t room;
  } table[] = {
      {"aaa\nbbb\n", 0, 0, 8},   // not by size
      {"aaa\nbbb\n", 0, 8, 8},   // just fits
      {"aaa\nbbb\n", 4, 12, 8},  //
      {"aaa\nbbb\n", 0, 7, 4},   // the first line fits
      {"aaa\nbbb\n", 1, 8, 4},   //
      {"aaa\nbbb\n", 1, 5, 4},   //
      {"aaa\nbbb\n", 1, 4, 0},   // nothing fits: rotate first
      {"aaa\nbbb\n", 8, 8, 0},   // full
      {"aaa\nbbb\n", 9, 8, 0},   // fuller than full, from a time with another limit
      {"aaa\nbbb\n", 0, 2, 4},   // a line that fits into no file has one of its own
      {"aaa\n", 0, 2, 4},        //
  };
  for (const auto& row : table)
    EXPECT_EQ(room_for(row.lines, row.size, row.rotate_size), row.room) << row.size << " of " << row.rotate_size;
}

TEST(rotation, by_age_is_due_from_the_age_on_or_never) {
  EXPECT_FALSE(too_old(59s, 1min));
  EXPECT_TRUE(too_old(1min, 1min));
  EXPECT_FALSE(too_old(1000h, 0ms));
}

TEST(rotation, moves_each_file_one_on_and_drops_the_oldest) {
  EXPECT_THAT(rotate("a.log", 2),
              ElementsAre(rename_step{"a.log.2", ""}, rename_step{"a.log.2.zst", ""}, rename_step{"a.log.1", "a.log.2"},
                          rename_step{"a.log.1.zst", "a.log.2.zst"}, rename_step{"a.log", "a.log.1"}));
  EXPECT_THAT(rotate("a.log", 1),
              ElementsAre(rename_step{"a.log.1", ""}, rename_step{"a.log.1.zst", ""}, rename_step{"a.log", "a.log.1"}));
  EXPECT_THAT(rotate("a.log", 0), ElementsAre(rename_step{"a.log", ""}));
}

// The steps done to a folder of names: no step may hit a file that is still wanted.
TEST(rotation, again_and_again_keeps_the_youngest_in_order) {
  for (const std::uint32_t count : {0U, 1U, 2U, 3U, 10U}) {
    std::map<std::string, int> folder;
    for (int generation = 0; generation < 30; ++generation) {
      folder["a.log"] = generation;
      for (const auto& step : rotate("a.log", count)) {
        const auto found = folder.find(step.from);
        if (found == folder.end()) continue;
        const int content = found->second;
        folder.erase(found);
        if (step.to.empty()) continue;
        EXPECT_FALSE(folder.contains(step.to)) << step.to;
        folder[step.to] = content;
      }
      // Every second one has been compressed meanwhile.
      if (generation % 2 == 0 && folder.contains("a.log.1")) {
        folder["a.log.1.zst"] = folder["a.log.1"];
        folder.erase("a.log.1");
      }
      EXPECT_EQ(folder.size(), std::min<std::size_t>(count, static_cast<std::size_t>(generation) + 1));
      for (const auto& [name, content] : folder) {
        const int number = std::stoi(name.substr(6));
        EXPECT_EQ(content, generation - number + 1) << name;
      }
    }
  }
}
