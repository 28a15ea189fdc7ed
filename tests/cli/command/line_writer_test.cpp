#include "cli/line_writer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <csignal>

#include "support/eventually.hpp"
#include "sys/pipe.hpp"

using namespace lineshaft;
using testing::EndsWith;
using testing::StartsWith;

namespace {

class line_writer : public ::testing::Test {
 protected:
  std::string read() {
    char text[1 << 16];
    const auto got = sys::read(ends_.read.get(), text);
    return got ? std::string(text, *got) : std::string();
  }
  bool will_be_read(std::string_view text) {
    return support::eventually([&] { return (seen_ += read()).contains(text); });
  }
  static std::string gap(std::uint64_t lost) { return std::to_string(lost) + " lost"; }

  sys::pipe_ends ends_ = *sys::pipe();
  std::string seen_;
};

}  // namespace

TEST_F(line_writer, writes_lines_in_their_order_and_all_of_them_before_it_ends) {
  {
    cli::line_writer writer(ends_.write.get(), gap);
    for (int number = 0; number < 1000; ++number) writer.write(std::to_string(number));
  }
  seen_ = read();
  EXPECT_THAT(seen_, StartsWith("0\n1\n2\n"));
  EXPECT_THAT(seen_, EndsWith("998\n999\n"));
}

TEST_F(line_writer, holds_up_nobody_when_nobody_reads_and_tells_later_what_was_lost) {
  cli::line_writer writer(ends_.write.get(), gap, {}, 1000);
  const std::string long_line(900, 'x');
  // More than the pipe and the buffer hold.
  for (std::size_t written = 0; written < 2 * sys::pipe_capacity(ends_.write.get()); written += long_line.size())
    writer.write(long_line);
  ASSERT_TRUE(will_be_read("lost\n"));
  writer.write("after");
  EXPECT_TRUE(will_be_read("after\n"));
}

TEST_F(line_writer, ends_though_nobody_reads) {
  const auto capacity = sys::pipe_capacity(ends_.write.get());
  cli::line_writer(ends_.write.get(), gap).write(std::string(2 * capacity, 'x'));
  EXPECT_THAT(read(), StartsWith("xxx"));
  // Its thread is the process's now: it has to be through with the descriptor before that is closed.
  EXPECT_TRUE(will_be_read("\n"));
}

TEST_F(line_writer, outlives_whoever_read) {
  std::signal(SIGPIPE, SIG_IGN);
  ends_.read.reset();
  cli::line_writer writer(ends_.write.get(), gap);
  for (int number = 0; number < 100; ++number) writer.write("a line");
}

TEST_F(line_writer, waits_for_room_where_the_descriptor_does_not_block) {
  ASSERT_EQ(::fcntl(ends_.write.get(), F_SETFL, O_NONBLOCK), 0);
  cli::line_writer writer(ends_.write.get(), gap);
  writer.write(std::string(2 * sys::pipe_capacity(ends_.write.get()), 'x') + " all");
  EXPECT_TRUE(will_be_read(" all\n"));
}

TEST_F(line_writer, goes_on_when_a_full_disk_has_room_again_and_tells_what_was_lost) {
  const unique_fd full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  std::atomic<std::uint64_t> told = 0;
  cli::line_writer writer(full.get(), [&](std::uint64_t lost) { return told = lost, gap(lost); });
  ASSERT_TRUE(support::eventually([&] { return writer.write("too much"), told > 0; }));
  ASSERT_GE(::dup2(ends_.write.get(), full.get()), 0);
  writer.write("after");
  EXPECT_TRUE(will_be_read("after\n"));
  EXPECT_THAT(seen_, testing::ContainsRegex("[0-9]+ lost\n"));
}
