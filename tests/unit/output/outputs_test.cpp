#include "output/outputs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <thread>

#include "output/account.hpp"
#include "output/capture.hpp"
#include "support/eventually.hpp"
#include "support/files.hpp"
#include "support/processes.hpp"
#include "sys/fault.hpp"

using namespace lineshaft;
using namespace lineshaft::output;
using namespace std::chrono_literals;
using support::eventually;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

namespace {

/// This program plays the worker: it writes into the writing ends.
class captured : public ::testing::Test {
 protected:
  ~captured() override { sys::clear_injected(); }

  captured_output open(std::uint32_t generation = 1) {
    return outputs_.open("a", generation, outputs_.prepare("a", how_).value(), counts_).value();
  }
  static void print(const unique_fd& to, std::string_view text) {
    while (!text.empty()) {
      const auto written = ::write(to.get(), text.data(), text.size());
      ASSERT_GT(written, 0);
      text.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  std::vector<std::string> end(captured_output& process) {
    process.out.reset();
    process.err.reset();
    process.reading = {};
    auto last = outputs_.process_ended(process.captured);
    process.captured.reset();
    return last;
  }
  std::vector<std::string> log() {
    outputs_.flush(std::chrono::steady_clock::now() + 60s);
    return support::lines_of(folder_ / "logs/a.log");
  }

  support::temporary_folder folder_;
  output_options how_{.to = output_to::file};
  std::shared_ptr<account> counts_ = std::make_shared<account>();
  outputs outputs_{folder_ / "logs"};
};

std::string numbered(int from, int to) {
  std::string text;
  for (int number = from; number < to; ++number) text += std::to_string(number) + "\n";
  return text;
}

}  // namespace

TEST_F(captured, lines_of_both_streams_come_into_the_file_and_the_last_ones_to_the_owner) {
  auto process = open(7);
  print(process.out, "one\ntwo\n");
  ASSERT_TRUE(eventually([&] { return counts_->status().lines == 2; }));
  print(process.err, "three\nan end without newl");
  ASSERT_TRUE(eventually([&] { return counts_->status().lines == 3; }));
  EXPECT_THAT(end(process), ElementsAre("one", "two", "three", "an end without newl"));
  EXPECT_THAT(log(), ElementsAre(EndsWith("Z a/7 out one"), EndsWith("Z a/7 out two"), EndsWith("Z a/7 err three"),
                                 EndsWith("Z a/7 err an end without newl")));
  EXPECT_EQ(counts_->status().lines, 4U);
  EXPECT_EQ(counts_->status().bytes, 33U);
}

TEST_F(captured, what_is_still_in_the_pipes_when_the_process_ends_is_taken_at_once) {
  auto process = open();
  print(process.out, numbered(0, 1000));
  const auto last = end(process);
  ASSERT_EQ(last.size(), 50U);
  EXPECT_EQ(last.front(), "950");
  EXPECT_EQ(last.back(), "999");
  EXPECT_EQ(log().size(), 1000U);
}

TEST_F(captured, to_memory_alone_needs_no_folder_and_writes_no_file) {
  outputs none("");
  how_.to = output_to::memory;
  auto process = none.open("a", 1, none.prepare("a", how_).value(), counts_).value();
  print(process.out, "hello\n");
  process.out.reset();
  process.err.reset();
  EXPECT_THAT(none.process_ended(process.captured), ElementsAre("hello"));
  EXPECT_THAT(std::filesystem::exists(folder_ / "logs"), false);
}

TEST_F(captured, binary_output_and_a_line_without_end_are_harmless) {
  auto process = open();
  std::string bytes;
  for (int number = 0; number < 100'000; ++number) bytes += static_cast<char>(number * 7 % 256);
  print(process.out, bytes);
  print(process.err, std::string(100'000, 'x'));
  end(process);
  log();
  const auto status = counts_->status();
  EXPECT_EQ(status.bytes, 200'000U);
  EXPECT_EQ(status.lost_bytes, 0U);
  std::size_t kept = 0;
  for (const auto& one : log()) {
    if (one.find("a/1 err") != std::string::npos) kept += one.size() - one.find("x");
  }
  EXPECT_EQ(kept, 100'000U);
}

TEST_F(captured, a_stranger_that_keeps_the_pipe_open_is_read_but_not_waited_for) {
  auto process = open();
  const unique_fd stranger(::dup(process.out.get()));
  print(process.out, "from the process\n");
  EXPECT_THAT(end(process), ElementsAre("from the process"));
  print(stranger, "from the stranger\n");
  ASSERT_TRUE(eventually([&] { return log().size() == 2; }));
  // Then nobody reads any more: SIGPIPE, which is ignored here.
  ::signal(SIGPIPE, SIG_IGN);
  EXPECT_TRUE(eventually([&] { return ::write(stranger.get(), "x\n", 2) < 0 && errno == EPIPE; }));
}

TEST_F(captured, a_disk_that_does_not_answer_makes_the_worker_wait_and_loses_nothing) {
  auto process = open();
  sys::inject_stall("writev");
  std::atomic<int> printed = 0;
  constexpr int all = 400'000;
  std::thread worker([&] {
    for (int number = 0; number < all; number += 100) {
      print(process.out, numbered(number, number + 100));
      printed = number + 100;
    }
  });
  // As far as the memory for one file and the pipe go, and no further.
  int before = -1;
  ASSERT_TRUE(eventually([&] {
    std::this_thread::sleep_for(50ms);
    return std::exchange(before, printed.load()) == before && before > 0;
  }));
  EXPECT_LT(printed, all);
  sys::clear_injected();
  worker.join();
  end(process);
  const auto lines = log();
  ASSERT_EQ(lines.size(), static_cast<std::size_t>(all));
  for (int number = 0; number < all; number += 997) {
    EXPECT_THAT(lines[static_cast<std::size_t>(number)], EndsWith("out " + std::to_string(number)));
  }
  EXPECT_EQ(counts_->status().lost_lines, 0U);
}

TEST_F(captured, declared_to_drop_a_worker_never_waits_for_a_disk_and_the_file_says_what_it_lacks) {
  how_.when_full = output_overflow::drop;
  auto process = open();
  sys::inject_stall("writev");
  constexpr int all = 400'000;
  print(process.out, numbered(0, all));  // returns
  ASSERT_TRUE(eventually([&] { return counts_->status().lines == all; }));
  sys::clear_injected();
  ASSERT_TRUE(eventually([&] { return log().size() > 10; }));
  print(process.out, "afterwards\n");
  EXPECT_EQ(end(process).back(), "afterwards");
  const auto lines = log();
  const auto status = counts_->status();
  EXPECT_GT(status.lost_lines, 0U);
  EXPECT_EQ(lines.size() + status.lost_lines, static_cast<std::size_t>(all) + 2) << "with the notice and the last line";
  EXPECT_THAT(lines[lines.size() - 2], HasSubstr("lost " + std::to_string(status.lost_lines) + " lines ("));
  EXPECT_THAT(lines.back(), EndsWith("out afterwards"));
}

TEST_F(captured, a_disk_that_never_answers_again_does_not_hold_the_manager_at_its_end) {
  {
    outputs mine(folder_ / "other");
    auto process = mine.open("a", 1, mine.prepare("a", how_).value(), counts_).value();
    sys::inject_stall("writev");
    print(process.out, "hello\n");
    process.out.reset();
    process.err.reset();
    EXPECT_THAT(mine.process_ended(process.captured), ElementsAre("hello"));
    process.captured.reset();
    mine.flush(std::chrono::steady_clock::now() + 10ms);  // returns, as does the destructor
  }
  sys::clear_injected();
  EXPECT_TRUE(eventually([&] { return support::lines_of(folder_ / "other/a.log").size() == 1; })) << "late, but there";
}

TEST_F(captured, generation_after_generation_with_a_dead_disk_stays_within_bounds) {
  sys::inject_stall("writev");
  for (std::uint32_t generation = 1; generation <= 200; ++generation) {
    auto process = open(generation);
    print(process.out, std::string(63, 'x') + "\n" + numbered(0, 10'000));
    end(process);
  }
  EXPECT_GT(counts_->status().lost_lines, 0U);
  EXPECT_EQ(counts_->status().lines, 200U * 10'001);
  sys::clear_injected();
}

TEST_F(captured, ended_processes_leave_no_descriptor_beside_three_for_the_manager) {
  const auto before = support::open_descriptors();
  for (std::uint32_t generation = 1; generation < 20; ++generation) {
    auto process = open(generation);
    print(process.out, "x\n");
    end(process);
  }
  EXPECT_TRUE(eventually([&] { return support::open_descriptors() == before + 3; }))
      << "the folder, the poller and what wakes it";
}

TEST(outputs, when_they_end_have_closed_everything) {
  const support::temporary_folder folder;
  const auto before = support::open_descriptors();
  {
    outputs mine(folder / "logs");
    const auto counts = std::make_shared<account>();
    const auto how = mine.prepare("a", {.rotate_size = 1}).value();
    auto process = mine.open("a", 1, how, counts).value();
    ASSERT_EQ(::write(process.out.get(), "one\ntwo\n", 8), 8);
    process.out.reset();
    process.err.reset();
    EXPECT_EQ(mine.process_ended(process.captured).size(), 2U);
  }
  EXPECT_EQ(support::open_descriptors(), before);
  EXPECT_EQ(support::lines_of(folder / "logs/a.log").size(), 1U);
}

TEST_F(captured, what_cannot_be_captured_is_an_error_that_says_why) {
  const auto why = [&](const char* call, std::errc code) {
    sys::inject(call, std::make_error_code(code));
    const auto opened = outputs_.open("a", 1, outputs_.prepare("a", how_).value(), counts_);
    sys::clear_injected();
    return opened ? "opened" : opened.error().message();
  };
  EXPECT_EQ(why("pthread_create", std::errc::resource_unavailable_try_again),
            "cannot start a thread for output: Resource temporarily unavailable");
  EXPECT_EQ(why("eventfd", std::errc::too_many_files_open), "opened") << "that is made once";
  EXPECT_EQ(why("pipe2", std::errc::too_many_files_open), "cannot make a pipe: Too many open files");
  EXPECT_EQ(why("epoll_ctl", std::errc::not_enough_memory), "cannot watch a descriptor: Cannot allocate memory");

  outputs nowhere("");
  EXPECT_EQ(nowhere.prepare("a", how_).error().message(), "cannot capture output in a file: no log_dir is declared");
  EXPECT_EQ(nowhere.prepare("a", {})->to, output_to::inherit);
  EXPECT_EQ(outputs_.prepare("a", {})->to, output_to::file);
  outputs forbidden("/proc/none");
  EXPECT_THAT(forbidden.prepare("a", how_).error().message(), HasSubstr("cannot make the directory '/proc/none'"));
}
