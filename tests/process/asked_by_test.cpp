// The exit record says whose wish it was that a worker leaves.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "children/classes.hpp"
#include "support/eventually.hpp"
#include "support/program.hpp"

using namespace std::chrono_literals;
using lineshaft::process_manager;
using lineshaft::restart_mode;
using lineshaft::worker_of;
using support::eventually;

namespace {

class asked_by : public ::testing::Test {
 protected:
  asked_by() {
    auto many = worker_of<children::idle>("a", {}, how_);
    many.replicas = 2;
    EXPECT_TRUE(manager_.start_pipeline({.workers = {many}}));
    for (const auto* name : {"a-0", "a-1"}) EXPECT_TRUE(manager_.wait_ready(name));
  }
  std::string who(const std::string& name) {
    EXPECT_TRUE(eventually([&] { return !manager_.exit_records(name).empty(); }));
    return manager_.exit_records(name).back().asked_by;
  }

  lineshaft::start_options how_{.restart = {.mode = restart_mode::never}};
  process_manager manager_{support::host()};
};

}  // namespace

TEST_F(asked_by, a_call_in_the_managers_own_program) {
  manager_.stop_process("a-0");
  EXPECT_EQ(who("a-0"), "program");
  ASSERT_TRUE(manager_.restart_worker("a-1"));
  EXPECT_EQ(who("a-1"), "program");
}

TEST_F(asked_by, a_rolling_restart_is_such_a_call) {
  ASSERT_TRUE(manager_.restart_rolling("a"));
  EXPECT_EQ(who("a-0"), "program");
  EXPECT_EQ(who("a-1"), "program");
}

TEST_F(asked_by, the_shutdown_of_everything) {
  for (const auto& outcome : manager_.stop_all(60s)) EXPECT_EQ(outcome.exit->asked_by, "shutdown");
}

TEST_F(asked_by, a_changed_pipeline) {
  auto other = worker_of<children::idle>("a", {}, how_);
  other.how.env = {{"NEW", "1"}};
  other.replicas = 2;
  ASSERT_TRUE(manager_.reload({.workers = {other}}));
  EXPECT_EQ(who("a-0"), "reload");
}

TEST_F(asked_by, a_signal_that_the_manager_was_told_to_send) {
  ASSERT_TRUE(manager_.signal_process("a-0", SIGTERM));
  EXPECT_EQ(who("a-0"), "program");
  EXPECT_EQ(manager_.exit_records("a-0").back().cause, "itself");
  ASSERT_TRUE(manager_.signal_process("a-1", SIGKILL));
  EXPECT_EQ(who("a-1"), "program");
  EXPECT_EQ(manager_.exit_records("a-1").back().cause, "none");
}

TEST_F(asked_by, nobody_if_the_signal_came_from_elsewhere_or_was_another) {
  ASSERT_TRUE(manager_.signal_process("a-0", SIGCONT));
  ::kill(*manager_.get_status("a-0").pid, SIGKILL);
  EXPECT_EQ(who("a-0"), "");
  ::kill(*manager_.get_status("a-1").pid, SIGTERM);
  EXPECT_EQ(who("a-1"), "");
}
