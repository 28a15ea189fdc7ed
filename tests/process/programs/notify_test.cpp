// What programs say over NOTIFY_SOCKET, through libsystemd and by hand, and who is not listened to.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "lineshaft/process_manager.hpp"
#include "support/eventually.hpp"
#include "support/files.hpp"
#include "support/program.hpp"
#include "sys/fault.hpp"
#include "sys/notify_socket.hpp"

using namespace std::chrono_literals;
using lineshaft::process_manager;
using lineshaft::ready_when;
using lineshaft::start_options;
using lineshaft::worker_state;
using support::eventually;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace {

class notify : public ::testing::Test {
 protected:
  static std::vector<std::string> program(std::vector<std::string> what) {
    what.insert(what.begin(), PROGRAM_CHILD);
    return what;
  }
  void start(std::vector<std::string> what, start_options how = {.ready = ready_when::notify}) {
    const auto started = manager_.start_command("a", program(std::move(what)), std::move(how));
    ASSERT_TRUE(started) << started.error().message();
  }
  void expect_ready() {
    const auto ready = manager_.wait_ready("a", 60s);
    EXPECT_TRUE(ready) << ready.error().message();
  }
  lineshaft::worker_status status() const { return manager_.get_status("a"); }

  support::temporary_folder folder_;
  std::string file_ = folder_ / "file";
  process_manager manager_{support::host()};
};

}  // namespace

TEST_F(notify, a_program_is_ready_when_it_says_so_and_not_before) {
  start({"until", file_, "say", "READY=1\nSTATUS=here we are", "wait"});
  EXPECT_FALSE(status().ready);
  EXPECT_EQ(status().state, worker_state::starting);
  folder_.write("file", "");
  expect_ready();
  EXPECT_EQ(status().status_text, "here we are");
  EXPECT_EQ(to_json(status()).at("status_text").as_string(), "here we are");
}

TEST_F(notify, a_program_that_never_says_it_has_failed_to_start) {
  start({"say", "STATUS=thinking", "wait"},
        {.restart = {.mode = lineshaft::restart_mode::never}, .start_timeout = 300ms, .ready = ready_when::notify});
  const auto ready = manager_.wait_ready("a", 60s);
  ASSERT_FALSE(ready);
  EXPECT_THAT(ready.error().message(), HasSubstr("was not ready within 300 ms"));
  EXPECT_TRUE(eventually([&] { return status().state == worker_state::failed; }));
}

TEST_F(notify, what_it_said_last_stands_in_its_exit_record) {
  start({"say", "READY=1", "say", "STATUS=out of paper\nERRNO=28", "exit", "4"},
        {.restart = {.mode = lineshaft::restart_mode::never}, .ready = ready_when::notify});
  ASSERT_TRUE(eventually([&] { return status().state == worker_state::failed; }));
  const auto record = manager_.exit_records("a").at(0);
  EXPECT_EQ(record.status_text, "out of paper");
  EXPECT_EQ(record.reason, "exited 4: No space left on device");
  EXPECT_EQ(to_json(record).at("status_text").as_string(), "out of paper");
  EXPECT_EQ(status().status_text, "") << "of a process that lives";
}

TEST_F(notify, children_of_the_worker_speak_for_it_in_a_session_of_their_own_too) {
  for (const char* where : {"child", "session", "orphan"}) {
    start({where, "say", "READY=1", "wait"});
    expect_ready();
    EXPECT_EQ(status().refused_notifications, 0U) << where;
    manager_.stop_process("a", 60s);
  }
}

TEST_F(notify, works_for_another_user) {
  if (::geteuid() != 0) GTEST_SKIP() << "another user takes root";
  // This clone of the project may lie in a folder that is closed to others.
  const auto child = folder_ / "child";
  std::filesystem::copy_file(PROGRAM_CHILD, child);
  std::filesystem::permissions(folder_ / "", std::filesystem::perms(0755));
  ASSERT_TRUE(manager_.start_command("a", {child, "say", "READY=1", "wait"},
                                     {.ready = ready_when::notify, .user = "4001:4002"}));
  expect_ready();
}

TEST_F(notify, strangers_are_not_listened_to_and_counted) {
  start({"variable", "NOTIFY_SOCKET", file_, "wait"});
  ASSERT_TRUE(eventually([&] { return support::lines_of(file_).size() == 1; }));
  const auto address = support::lines_of(file_).at(0);
  // The manager itself is none of the worker's, nor is another worker.
  ASSERT_TRUE(lineshaft::sys::send_datagram(address, "READY=1", 1s));
  ASSERT_TRUE(eventually([&] { return status().refused_notifications == 1; }));
  auto other = program({"say", "READY=1\nSTATUS=mine", "wait"});
  other.insert(other.begin(), {"env", "NOTIFY_SOCKET=" + address});
  ASSERT_TRUE(manager_.start_command("b", other));
  ASSERT_TRUE(eventually([&] { return status().refused_notifications == 2; }));
  EXPECT_FALSE(status().ready);
  EXPECT_EQ(status().status_text, "");
  EXPECT_EQ(to_json(status()).at("refused_notifications").to_number<int>(), 2);
}

TEST_F(notify, what_cannot_be_read_is_counted_and_harms_nobody) {
  start({"send", "", "send", "READY=1\\0STATUS=x", "flood", "5000", "flood", "100000", "send", "nothing", "send",
         "READY=1", "wait"});
  expect_ready();
  EXPECT_EQ(status().refused_notifications, 5U);
  EXPECT_EQ(status().status_text, "");
}

TEST_F(notify, a_status_that_is_no_text_becomes_one) {
  start({"send", "READY=1\nSTATUS=a\xff\xfe z", "wait"});
  expect_ready();
  EXPECT_EQ(status().status_text, "a\xEF\xBF\xBD\xEF\xBF\xBD z");
}

TEST_F(notify, another_main_process_is_refused_with_a_note_in_the_record) {
  start({"say", "READY=1\nMAINPID=1", "say", "MAINPID=1", "barrier", "exit", "0"});
  ASSERT_TRUE(eventually([&] { return status().state == worker_state::completed; }));
  EXPECT_THAT(manager_.exit_records("a").at(0).notes,
              ElementsAre("MAINPID=1 refused: the worker is the process that was started"));
}

TEST_F(notify, a_barrier_is_passed_when_what_was_said_before_it_is_known) {
  start({"say", "READY=1\nSTATUS=before", "barrier", "write", file_, "passed", "wait"});
  ASSERT_TRUE(eventually([&] { return support::lines_of(file_).size() == 1; }));
  EXPECT_EQ(status().status_text, "before");
  EXPECT_TRUE(status().ready);
}

TEST_F(notify, a_program_that_reloads_says_when_and_is_ready_throughout) {
  start({"say", "READY=1", "say", "RELOADING=1", "barrier", "write", file_, "x", "until", folder_ / "go", "say",
         "READY=1", "wait"});
  expect_ready();
  ASSERT_TRUE(eventually([&] { return support::lines_of(file_).size() == 1; }));
  EXPECT_TRUE(status().reloading);
  EXPECT_TRUE(status().ready);
  folder_.write("go", "");
  EXPECT_TRUE(eventually([&] { return !status().reloading; }));
}

TEST_F(notify, a_program_that_says_that_it_is_stopping_is_stopping) {
  start({"say", "READY=1", "say", "STOPPING=1", "until", file_, "exit", "0"});
  ASSERT_TRUE(eventually([&] { return status().state == worker_state::stopping; }));
  folder_.write("file", "");
  ASSERT_TRUE(eventually([&] { return status().state == worker_state::stopped; }));
  EXPECT_TRUE(manager_.exit_records("a").at(0).success);
}

TEST_F(notify, a_program_that_says_that_it_is_stopping_and_does_not_is_killed_after_its_time) {
  start({"say", "READY=1", "say", "STOPPING=1", "wait"},
        {.restart = {.mode = lineshaft::restart_mode::never}, .stop_timeout = 100ms, .ready = ready_when::notify});
  ASSERT_TRUE(eventually([&] { return status().state == worker_state::failed; }));
  EXPECT_EQ(status().error, "killed: did not stop within 100 ms");
}

TEST_F(notify, a_watchdog_beat_is_the_age_of_the_worker) {
  start({"say", "READY=1", "wait"});
  expect_ready();
  EXPECT_EQ(status().age, 0ms) << "there is none yet";
  manager_.stop_process("a", 60s);
  start({"say", "READY=1\nWATCHDOG=1", "wait"});
  EXPECT_TRUE(eventually([&] { return status().age > 0ms; }));
  EXPECT_LE(status().age, status().uptime);
}

TEST_F(notify, a_start_that_asks_for_time_gets_it) {
  start({"say", "EXTEND_TIMEOUT_USEC=60000000", "sleep", "3500", "say", "READY=1", "wait"},
        {.restart = {.mode = lineshaft::restart_mode::never}, .start_timeout = 3s, .ready = ready_when::notify});
  expect_ready();
}

TEST_F(notify, a_stop_that_asks_for_time_gets_it_before_the_next_signal) {
  start({"hold", "15", "say", "READY=1", "await", "15", "say", "EXTEND_TIMEOUT_USEC=60000000", "sleep", "3500", "exit",
         "0"},
        {.ready = ready_when::notify, .stop = {{SIGTERM, 3s}, {SIGKILL, 1s}}});
  expect_ready();
  EXPECT_EQ(manager_.stop_process("a", 600s).how, lineshaft::stop_outcome::clean);
}

TEST_F(notify, a_stop_that_asks_for_time_gets_none_beyond_its_deadline) {
  start({"hold", "15", "say", "READY=1", "await", "15", "say", "EXTEND_TIMEOUT_USEC=600000000", "wait"},
        {.ready = ready_when::notify, .stop = {{SIGTERM, 200ms}, {SIGKILL, 100ms}}});
  expect_ready();
  EXPECT_EQ(manager_.stop_process("a", 1s).how, lineshaft::stop_outcome::killed);
}

TEST_F(notify, every_process_has_a_socket_of_its_own_and_gives_it_back) {
  const auto descriptors = [] {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& one : std::filesystem::directory_iterator("/proc/self/fd")) ++count;
    return count;
  };
  start({"say", "READY=1", "wait"});
  manager_.stop_process("a", 60s);
  const auto before = descriptors();
  for (int n = 0; n < 5; ++n) {
    start({"variable", "NOTIFY_SOCKET", file_, "say", "READY=1", "wait"});
    expect_ready();
    manager_.stop_process("a", 60s);
  }
  EXPECT_EQ(descriptors(), before);
  auto addresses = support::lines_of(file_);
  std::ranges::sort(addresses);
  EXPECT_EQ(std::ranges::unique(addresses).size(), 0U);
}

TEST_F(notify, a_program_whose_socket_cannot_be_made_is_a_failed_start) {
  lineshaft::sys::inject("notify_socket", std::make_error_code(std::errc::too_many_files_open));
  const auto failed = manager_.start_command("a", program({"wait"}));
  lineshaft::sys::clear_injected();
  ASSERT_FALSE(failed);
  EXPECT_THAT(failed.error().message(), HasSubstr("cannot make a socket for notifications: Too many open files"));
  EXPECT_TRUE(manager_.get_all_status().empty());
}
