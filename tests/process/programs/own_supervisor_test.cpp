// What the manager says to its own supervisor: this test is one.
#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include "lineshaft/process_manager.hpp"
#include "support/eventually.hpp"
#include "support/files.hpp"
#include "support/program.hpp"
#include "sys/notify_socket.hpp"

using namespace std::chrono_literals;
using lineshaft::process_manager;
using support::eventually;

namespace {

class own_supervisor : public ::testing::Test {
 protected:
  own_supervisor() { ::setenv("NOTIFY_SOCKET", bound_.address.c_str(), 1); }
  ~own_supervisor() override {
    for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) ::unsetenv(name);
  }
  /// Waits until it is said. What else is said before is passed over, and remembered.
  bool hears(const std::string& expected) {
    return eventually([&] {
      while (const auto next = lineshaft::sys::receive_datagram(bound_.socket.get(), 4096)) {
        EXPECT_EQ(next->sender, ::getpid());
        heard_.push_back(next->text);
        if (next->text == expected) return true;
      }
      return false;
    });
  }
  bool heard(const std::string& text) const { return std::ranges::contains(heard_, text); }

  lineshaft::sys::notify_socket bound_ = lineshaft::sys::bind_notify_socket().value();
  std::vector<std::string> heard_;
};

}  // namespace

TEST_F(own_supervisor, hears_of_readiness_of_the_workers_and_of_the_end) {
  {
    process_manager manager(support::host());
    ASSERT_TRUE(manager.start_command("a", {PROGRAM_CHILD, "wait"}));
    EXPECT_TRUE(hears("STATUS=1 of 1 workers ready"));
    const std::string ready = "READY=1\nSTATUS=1 of 1 workers ready";
    EXPECT_FALSE(heard(ready)) << "only the program knows when it is up";
    ASSERT_TRUE(manager.tell_ready());
    EXPECT_TRUE(hears(ready));
    ASSERT_TRUE(manager.start_command("b", {PROGRAM_CHILD, "exit", "1"},
                                      {.restart = {.mode = lineshaft::restart_mode::never}}));
    EXPECT_TRUE(hears("STATUS=1 of 2 workers ready; failed: b"));
    EXPECT_FALSE(heard("STOPPING=1"));
  }
  EXPECT_TRUE(hears("STOPPING=1"));
  EXPECT_FALSE(heard("WATCHDOG=1")) << "nobody asked for it";
}

TEST_F(own_supervisor, hears_a_beat_from_the_loop_if_it_asked_for_one) {
  ::setenv("WATCHDOG_USEC", "20000", 1);
  ::setenv("WATCHDOG_PID", std::to_string(::getpid()).c_str(), 1);
  const process_manager manager(support::host());
  for (int n = 0; n < 3; ++n) EXPECT_TRUE(hears("WATCHDOG=1"));
}

TEST_F(own_supervisor, of_another_process_hears_no_beat_of_this_one) {
  ::setenv("WATCHDOG_USEC", "1000", 1);
  ::setenv("WATCHDOG_PID", "1", 1);
  process_manager manager(support::host());
  ASSERT_TRUE(manager.start_command("a", {PROGRAM_CHILD, "wait"}));
  EXPECT_TRUE(hears("STATUS=1 of 1 workers ready"));
  EXPECT_FALSE(heard("WATCHDOG=1"));
}

TEST_F(own_supervisor, is_not_known_to_the_workers) {
  ::setenv("WATCHDOG_USEC", "60000000", 1);
  ::setenv("WATCHDOG_PID", std::to_string(::getpid()).c_str(), 1);
  const support::temporary_folder folder;
  process_manager manager(support::host());
  for (const auto method : {lineshaft::start_method::fork_server, lineshaft::start_method::exec}) {
    const auto file = folder / (method == lineshaft::start_method::exec ? "exec" : "clone");
    const auto name = method == lineshaft::start_method::exec ? "exec" : "clone";
    ASSERT_TRUE(manager.start_worker("shows_environment", name, {{"file", file}},
                                     {.method = method, .ready = lineshaft::ready_when::notify}));
    ASSERT_TRUE(manager.wait_ready(name, 60s));
    const auto facts = support::facts_of(file);
    for (const char* variable : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"})
      EXPECT_FALSE(facts.contains(variable)) << variable;
  }
  const auto file = folder / "program";
  ASSERT_TRUE(manager.start_command(
      "program", {PROGRAM_CHILD, "variable", "NOTIFY_SOCKET", file, "variable", "WATCHDOG_USEC", file, "wait"}));
  ASSERT_TRUE(eventually([&] { return support::lines_of(file).size() == 2; }));
  EXPECT_NE(support::lines_of(file).at(0), bound_.address);
  EXPECT_EQ(support::lines_of(file).at(1), "(none)");
}

TEST_F(own_supervisor, that_does_not_listen_is_an_error_to_who_wants_to_know) {
  ::setenv("NOTIFY_SOCKET", "/no/such/socket", 1);
  process_manager manager(support::host());
  const auto told = manager.tell_ready();
  ASSERT_FALSE(told);
  EXPECT_EQ(told.error().message(), "cannot notify '/no/such/socket': No such file or directory");
  ::unsetenv("NOTIFY_SOCKET");
  process_manager alone(support::host());
  EXPECT_TRUE(alone.tell_ready());
}
