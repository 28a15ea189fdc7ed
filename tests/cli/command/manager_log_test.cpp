#include "cli/manager_log.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "support/files.hpp"
#include "sys/pipe.hpp"

using namespace lineshaft;

namespace {

class manager_log : public ::testing::Test {
 protected:
  void append(std::string_view text) const { ASSERT_TRUE(sys::write(file_.get(), text)); }
  std::string text() const {
    std::ifstream file(path_);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  support::temporary_folder folder_;
  std::string path_ = folder_ / "manager.log";
  unique_fd file_{::open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600)};
};

}  // namespace

TEST_F(manager_log, that_is_not_long_stays_as_it_is) {
  append("one\ntwo\n");
  ASSERT_TRUE(cli::keep_last_lines(file_.get(), 4));
  EXPECT_EQ(text(), "one\ntwo\n");
}

TEST_F(manager_log, that_is_too_long_keeps_its_last_whole_lines_and_is_appended_to) {
  for (int number = 0; number < 100; ++number) append("line " + std::to_string(number) + "\n");
  ASSERT_TRUE(cli::keep_last_lines(file_.get(), 20));
  append("after\n");
  EXPECT_EQ(text(), "(what is older is not kept)\nline 98\nline 99\nafter\n");
}

TEST_F(manager_log, of_one_line_without_an_end_keeps_the_last_of_it) {
  append(std::string(100, 'x') + "yz");
  ASSERT_TRUE(cli::keep_last_lines(file_.get(), 2));
  EXPECT_EQ(text(), "(what is older is not kept)\nyz");
}
