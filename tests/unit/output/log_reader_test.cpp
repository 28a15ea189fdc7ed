#include "output/log_reader.hpp"

#include <gmock/gmock.h>

#include <format>

#include "output/zstd_stream.hpp"
#include "support/files.hpp"

using namespace lineshaft::output;
using support::temporary_folder;

namespace {

std::string packed(const std::string& text) {
  std::string all;
  zstd_stream stream;
  EXPECT_TRUE(stream.put(text, piece_is::last, [&](std::string_view piece) {
    all += piece;
    return lineshaft::result<>();
  }));
  return all;
}

// "…Z a/1 out TEXT": `second` of one minute.
std::string stamped(int second, const std::string& text) {
  return std::format("2026-11-24T13:50:{:02}.000Z a/1 out {}\n", second, text);
}

std::string time_of(int second) { return stamped(second, "").substr(0, 24); }

std::vector<std::string> all_of(log_reader reader) {
  std::vector<std::string> texts;
  while (const auto one = reader.next()) texts.push_back(one->text);
  for (const auto& why : reader.problems()) texts.push_back(why.message());
  return texts;
}

class log_reader_ : public testing::Test {
 protected:
  log_reader_() {
    folder_.write("a.log.3.zst", packed(stamped(1, "1") + stamped(2, "2")));
    folder_.write("a.log.2.zst", packed(stamped(3, "3")));
    folder_.write("a.log.1", stamped(4, "4") + stamped(5, "5"));
    folder_.write("a.log", stamped(6, "6") + "2026-11-24T13:50:07.000Z a/1 out half a li");
    folder_.write("ab.log", stamped(1, "of another"));
  }

  log_reader since(const std::string& time) const { return {folder_ / "", "a", time}; }
  std::vector<std::string> last(std::size_t count, const std::string& without) const {
    auto reader = since("");
    std::vector<std::string> texts;
    for (const auto& one : reader.last(count, [&](const auto& read) { return read.text != without; }))
      texts.push_back(one.text);
    return texts;
  }

  temporary_folder folder_;
};

}  // namespace

using testing::ElementsAre;
using testing::HasSubstr;

TEST_F(log_reader_, goes_through_all_files_the_oldest_first) {
  EXPECT_THAT(all_of(since("")), ElementsAre("1", "2", "3", "4", "5", "6"));
  EXPECT_THAT(*logged_workers(folder_ / ""), ElementsAre("a", "ab"));
}

TEST_F(log_reader_, begins_at_a_time) {
  for (int second = 1; second <= 7; ++second) EXPECT_EQ(all_of(since(time_of(second))).size(), 7U - second) << second;
}

TEST_F(log_reader_, knows_whether_older_lines_may_have_gone) {
  EXPECT_EQ(since(time_of(1)).begins_late(3), std::nullopt);
  EXPECT_EQ(since("2026-11-24T13:49:00.000Z").begins_late(3), time_of(1));
  EXPECT_EQ(since("2026-11-24T13:49:00.000Z").begins_late(4), std::nullopt) << "there would be a fourth";
}

TEST_F(log_reader_, has_the_last_ones_out_of_as_many_files_as_it_takes) {
  EXPECT_THAT(last(2, "5"), ElementsAre("4", "6"));
  EXPECT_THAT(last(4, ""), ElementsAre("3", "4", "5", "6"));
  EXPECT_THAT(last(100, ""), ElementsAre("1", "2", "3", "4", "5", "6"));
  folder_.write("a.log.3.zst", "not to be read");
  EXPECT_THAT(last(4, ""), ElementsAre("3", "4", "5", "6"));
}

TEST_F(log_reader_, tells_what_it_cannot_read_and_goes_on) {
  const auto whole = packed(stamped(3, "3"));
  folder_.write("a.log.2.zst", whole.substr(0, whole.size() - 3));
  folder_.write("a.log.3.zst", "no zstd");
  const auto said = all_of(since(""));
  EXPECT_THAT(said.back(), HasSubstr("cannot read all of 'a.log.2.zst': it ends in the middle"));
  EXPECT_THAT(said.at(said.size() - 2), HasSubstr("cannot read all of 'a.log.3.zst': cannot decompress: "));
  EXPECT_THAT(said, testing::Contains("6"));
}

TEST_F(log_reader_, meets_what_a_rotation_moves_on_once) {
  auto reader = since("");
  std::filesystem::rename(folder_ / "a.log.1", folder_ / "a.log.2");
  std::filesystem::rename(folder_ / "a.log", folder_ / "a.log.1");
  EXPECT_THAT(all_of(std::move(reader)), ElementsAre("1", "2", "3", "4", "5", "6"));
}

TEST_F(log_reader_, unpacks_more_than_fits_into_one_piece) {
  std::string text;
  for (int count = 0; count < 30'000; ++count) text += stamped(1, std::to_string(count) + std::string(100, 'x'));
  folder_.write("big.log.1.zst", packed(text));
  EXPECT_EQ(all_of({folder_ / "", "big", ""}).size(), 30'000U);
}

TEST(read_stamped, takes_what_the_stamp_writes_and_nothing_else) {
  const auto read = read_stamped("2026-11-24T13:50:04.007Z collector-1/3 err+ a  line ");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->worker, "collector-1");
  EXPECT_EQ(read->generation, 3U);
  EXPECT_EQ(read->is, stamped_line::kind::err);
  EXPECT_EQ(read->text, "a  line ");
  for (const auto* other :
       {"", "2026-11-24T13:50:04.007Z a/1 out", "2026-11-24T13:50:04.007Z a out x",
        "2026-11-24T13:50:04.007Z a/b out x", "13:50:04.007Z a/1 out x", "2026-11-24T13:50:04.007Z a/1 new x"})
    EXPECT_FALSE(read_stamped(other)) << other;
}
