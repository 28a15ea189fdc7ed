#include "output/log_file.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "support/eventually.hpp"
#include "support/files.hpp"
#include "support/zstd.hpp"
#include "sys/descriptor.hpp"
#include "sys/fault.hpp"

using namespace lineshaft;
using namespace lineshaft::output;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::IsEmpty;

namespace {

class log_of_a_worker : public ::testing::Test {
 protected:
  ~log_of_a_worker() override { compressor_->close(); }

  /// A stamped line of 40 bytes.
  static std::string line(int number) {
    line_stamp stamp("a", 1);
    std::string text;
    stamp.write({std::format("{:05}", number), line_end::complete}, stream::out, text);
    return text;
  }
  void write(std::vector<std::string> chunks) { log_.write(chunks, {how_, 1, counts_}); }
  static std::string number_of(const std::string& one) { return one.substr(one.rfind(' ') + 1); }
  std::vector<std::string> numbers(const std::string& file) const {
    std::vector<std::string> all;
    for (const auto& one : support::lines_of(folder_ / file)) all.push_back(number_of(one));
    return all;
  }
  bool exists(const std::string& file) const { return std::filesystem::exists(folder_ / file); }

  support::temporary_folder folder_;
  std::shared_ptr<const unique_fd> opened_ =
      std::make_shared<const unique_fd>(sys::open((folder_ / "").c_str(), O_RDONLY | O_DIRECTORY).value());
  std::shared_ptr<compressor> compressor_ = std::make_shared<compressor>();
  std::shared_ptr<account> counts_ = std::make_shared<account>();
  output_options how_{.rotate_size = 0, .compress = false};
  log_file log_{"a", std::make_shared<log_series>(opened_, "a.log"), compressor_};
};

std::error_code full_disk() { return std::make_error_code(std::errc::no_space_on_device); }

}  // namespace

TEST_F(log_of_a_worker, is_appended_to_and_readable_by_its_group_alone) {
  write({line(1), line(2) + line(3)});
  write({line(4)});
  EXPECT_THAT(numbers("a.log"), ElementsAre("00001", "00002", "00003", "00004"));
  struct stat about{};
  ASSERT_EQ(::stat((folder_ / "a.log").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 07777 & ~0640U, 0U);
}

TEST_F(log_of_a_worker, is_rotated_by_size_in_whole_lines_and_keeps_as_many_as_declared) {
  how_.rotate_size = 3 * line(0).size() + 1;
  how_.rotate_count = 2;
  std::string chunk;
  for (int number = 0; number < 11; ++number) chunk += line(number);
  write({chunk});
  EXPECT_THAT(numbers("a.log"), ElementsAre("00009", "00010"));
  EXPECT_THAT(numbers("a.log.1"), ElementsAre("00006", "00007", "00008"));
  EXPECT_THAT(numbers("a.log.2"), ElementsAre("00003", "00004", "00005"));
  EXPECT_FALSE(exists("a.log.3"));
}

TEST_F(log_of_a_worker, without_old_files_starts_from_nothing_each_time) {
  how_.rotate_size = line(0).size();
  how_.rotate_count = 0;
  write({line(1), line(2)});
  EXPECT_THAT(numbers("a.log"), ElementsAre("00002"));
  EXPECT_FALSE(exists("a.log.1"));
}

TEST_F(log_of_a_worker, is_rotated_by_age_at_the_next_line) {
  how_.rotate_age = std::chrono::milliseconds(1);
  write({line(1)});
  ASSERT_TRUE(support::eventually([&] {
    write({line(2)});
    return exists("a.log.1");
  }));
  EXPECT_EQ(numbers("a.log.1").front(), "00001");
  EXPECT_EQ(numbers("a.log").back(), "00002");
}

TEST_F(log_of_a_worker, continues_the_file_of_an_earlier_manager_with_its_size_and_torn_line) {
  folder_.write("a.log", "an old line\nand half of ano");
  how_.rotate_size = 100;
  write({line(1)});
  EXPECT_THAT(support::lines_of(folder_ / "a.log"),
              ElementsAre("an old line", "and half of ano", EndsWith("a/1 out 00001")));
  write({line(2)});
  EXPECT_THAT(numbers("a.log"), ElementsAre("00002"));
}

TEST_F(log_of_a_worker, on_a_full_disk_counts_what_is_lost_and_says_so_when_there_is_room) {
  write({line(1)});
  sys::inject("writev", full_disk(), 0, 2);
  write({line(2), line(3)});
  EXPECT_EQ(counts_->status().lost_lines, 2U);
  EXPECT_EQ(counts_->status().lost_bytes, 12U) << "five digits and a newline each";
  EXPECT_EQ(counts_->status().error, "cannot write 'a.log': No space left on device");
  write({line(4)});
  EXPECT_EQ(counts_->status().lost_lines, 3U);
  sys::clear_injected();
  write({line(5)});
  EXPECT_EQ(counts_->status().error, "");
  EXPECT_THAT(support::lines_of(folder_ / "a.log"),
              ElementsAre(EndsWith("00001"), EndsWith("Z a/1 lost 3 lines (18 bytes): No space left on device"),
                          EndsWith("00005")));
}

TEST_F(log_of_a_worker, that_cannot_be_opened_is_counted_and_tried_again) {
  sys::inject("openat", std::make_error_code(std::errc::permission_denied), 0, 2);
  write({line(1)});
  EXPECT_EQ(counts_->status().error, "cannot write 'a.log': Permission denied");
  sys::clear_injected();
  write({line(2)});
  EXPECT_THAT(numbers("a.log"), ElementsAre("denied", "00002"));
}

TEST_F(log_of_a_worker, goes_on_in_the_same_file_where_it_cannot_be_rotated) {
  how_.rotate_size = line(0).size();
  write({line(1)});
  sys::inject("renameat", std::make_error_code(std::errc::permission_denied), 0, 1000);
  write({line(2), line(3)});
  sys::clear_injected();
  EXPECT_THAT(numbers("a.log"), ElementsAre("00001", "00002", "00003"));
  EXPECT_EQ(counts_->status().lost_lines, 0U);
  EXPECT_EQ(counts_->status().error, "cannot rename 'a.log.9': Permission denied");
}

TEST_F(log_of_a_worker, follows_no_symbolic_link_and_writes_to_nothing_that_is_no_file) {
  folder_.write("elsewhere", "");
  ASSERT_EQ(::symlink((folder_ / "elsewhere").c_str(), (folder_ / "a.log").c_str()), 0);
  write({line(1)});
  EXPECT_THAT(support::lines_of(folder_ / "elsewhere"), IsEmpty());
  EXPECT_EQ(counts_->status().lost_lines, 1U);
  ASSERT_EQ(::unlink((folder_ / "a.log").c_str()), 0);
  ASSERT_EQ(::mkfifo((folder_ / "a.log").c_str(), 0600), 0);
  write({line(1)});
  EXPECT_EQ(counts_->status().lost_lines, 2U);
}

TEST_F(log_of_a_worker, has_its_old_files_compressed_under_the_name_they_have_by_then) {
  how_.rotate_size = line(0).size();
  how_.compress = true;
  how_.rotate_count = 50;
  for (int number = 0; number < 30; ++number) write({line(number)});
  ASSERT_TRUE(support::eventually([&] {
    for (int number = 1; number < 30; ++number) {
      const auto name = "a.log." + std::to_string(number);
      if (exists(name) || !exists(name + ".zst")) return false;
    }
    return true;
  }));
  EXPECT_FALSE(exists("a.log.part"));
  for (int number = 1; number < 30; ++number) {
    const auto text = support::unzstd(folder_ / ("a.log." + std::to_string(number) + ".zst"));
    EXPECT_EQ(text, line(29 - number));
  }
}

TEST_F(log_of_a_worker, compresses_what_an_earlier_manager_has_left) {
  folder_.write("a.log.1", "first\n");
  folder_.write("a.log.3", "third\n");
  how_.compress = true;
  write({line(1)});
  ASSERT_TRUE(support::eventually([&] { return !exists("a.log.1") && !exists("a.log.3"); }));
  EXPECT_EQ(support::unzstd(folder_ / "a.log.1.zst"), "first\n");
  EXPECT_EQ(support::unzstd(folder_ / "a.log.3.zst"), "third\n");
}

TEST_F(log_of_a_worker, that_cannot_be_compressed_stays_readable_and_says_why) {
  how_.rotate_size = line(0).size();
  how_.compress = true;
  write({line(1)});
  ASSERT_TRUE(std::filesystem::create_directory(folder_ / "a.log.part"));
  write({line(2)});
  ASSERT_TRUE(
      support::eventually([&] { return counts_->status().error == "cannot open 'a.log.part': Is a directory"; }));
  EXPECT_THAT(numbers("a.log.1"), ElementsAre("00001"));
}
