#include "supervisor/own_supervisor.hpp"

#include <gtest/gtest.h>

using namespace lineshaft;
using namespace lineshaft::supervisor;
using namespace std::chrono_literals;

TEST(own_supervisor, is_found_in_the_environment) {
  const struct {
    std::vector<std::string> environment;
    supervisor_contact expected;
  } table[] = {
      {{}, {}},
      {{"NOTIFY_SOCKETS=/x", "WATCHDOG_USEC=5"}, {}},
      {{"NOTIFY_SOCKET=/run/notify"}, {"/run/notify", {}}},
      {{"A=1", "NOTIFY_SOCKET=@x", "WATCHDOG_USEC=2000000"}, {"@x", 2s}},
      {{"NOTIFY_SOCKET=@x", "WATCHDOG_USEC=2000000", "WATCHDOG_PID=42"}, {"@x", 2s}},
      {{"NOTIFY_SOCKET=@x", "WATCHDOG_USEC=2000000", "WATCHDOG_PID=43"}, {"@x", {}}},
      {{"NOTIFY_SOCKET=@x", "WATCHDOG_USEC=2000000", "WATCHDOG_PID=4 2"}, {"@x", {}}},
      {{"NOTIFY_SOCKET=@x", "WATCHDOG_USEC=0"}, {"@x", {}}},
      {{"NOTIFY_SOCKET=@x", "WATCHDOG_USEC=-5"}, {"@x", {}}},
      {{"NOTIFY_SOCKET=@x", "WATCHDOG_USEC=soon"}, {"@x", {}}},
  };
  for (const auto& row : table) EXPECT_EQ(contact_in(row.environment, 42), row.expected);
}

TEST(own_supervisor, is_told_how_many_workers_are_ready_and_who_has_failed) {
  const auto worker = [](std::string name, worker_state state, bool ready) {
    worker_status status;
    status.name = std::move(name);
    status.state = state;
    status.ready = ready;
    return status;
  };
  EXPECT_EQ(summary_of({}), "0 of 0 workers ready");
  EXPECT_EQ(summary_of(std::vector{worker("a", worker_state::running, true), worker("b", worker_state::starting, false),
                                   worker("c", worker_state::completed, false)}),
            "2 of 3 workers ready");
  EXPECT_EQ(summary_of(std::vector{worker("a", worker_state::failed, false), worker("b", worker_state::failed, false)}),
            "0 of 2 workers ready; failed: a, b");
}
