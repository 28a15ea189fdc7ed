// A fork server that is alive and says nothing: the launches that wait for it do not wait for ever.
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <future>

#include "lineshaft/process_manager.hpp"
#include "support/eventually.hpp"
#include "support/processes.hpp"
#include "support/program.hpp"

using namespace std::chrono_literals;
using support::eventually;

TEST(hung_fork_server, is_replaced_and_what_waited_for_it_is_started_by_the_next) {
  lineshaft::process_manager manager(support::host());
  const lineshaft::start_options at_once{.restart = {.delay = 0ms, .jitter = 0}};
  ASSERT_TRUE(manager.start_command("killed", {"sleep", "1000"}, at_once));
  ASSERT_TRUE(manager.start_worker("runs", "left"));
  for (const char* name : {"killed", "left"}) ASSERT_TRUE(manager.wait_ready(name, 60s));
  const auto hung = support::fork_server_of("self");
  ::kill(hung, SIGSTOP);
  ::kill(*manager.get_status("killed").pid, SIGKILL);
  EXPECT_TRUE(
      eventually([&] { return manager.get_status("killed").ready && manager.get_status("killed").generation > 1; }));
  EXPECT_TRUE(eventually([&] { return support::state_of(hung) == 0; }));
  EXPECT_EQ(manager.get_status("left").generation, 1U);
}

TEST(hung_fork_server, takes_what_it_had_made_and_not_told_with_it) {
  ::setenv("LINESHAFT_FAULTS", "fork_server.cloned=SIGSTOP", 1);
  lineshaft::process_manager of_class(support::host()), of_program(support::host());
  EXPECT_TRUE(eventually([] { return support::children() == 2; })) << "both fork servers have read it";
  ::unsetenv("LINESHAFT_FAULTS");
  auto program = std::async(std::launch::async, [&] { return of_program.start_command("a", {"sleep", "1000"}); });
  const auto worker = of_class.start_worker("runs", "a");
  for (const auto& started : {worker, program.get()}) {
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().message(),
              "cannot start a process: the fork server hung, and was killed: Connection timed out");
  }
  EXPECT_TRUE(eventually([] { return support::children() == 0; })) << support::told_of_children();
  EXPECT_TRUE(of_program.start_command("a", {"sleep", "1000"}));
  EXPECT_TRUE(of_class.start_worker("runs", "a"));
}
