// A tree of which somebody cannot be killed: the end of the worker is told all the same, and who lives on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "lineshaft/process_manager.hpp"
#include "support/eventually.hpp"
#include "support/files.hpp"
#include "support/processes.hpp"
#include "support/program.hpp"
#include "sys/fault.hpp"

using namespace std::chrono_literals;
using lineshaft::process_manager;
using lineshaft::restart_mode;
using support::eventually;

namespace {

class resistance : public ::testing::TestWithParam<std::errc> {
 protected:
  ~resistance() override { lineshaft::sys::clear_injected(); }

  support::temporary_folder folder_;
  process_manager manager_{support::host()};
};

}  // namespace

// Of another user; and one that hears the signal, but cannot go.
INSTANTIATE_TEST_SUITE_P(of_one, resistance,
                         ::testing::Values(std::errc::operation_not_permitted, std::errc::interrupted));

TEST_P(resistance, in_a_tree_hides_no_death) {
  const auto file = folder_ / "pid";
  const auto daemon = "setsid sh -c 'echo $$ >" + file + "; exec sleep 1000' & ";
  lineshaft::sys::inject("pidfd_send_signal", std::make_error_code(GetParam()));
  ASSERT_TRUE(manager_.start_command("a", {"sh", "-c", daemon + "while [ ! -s " + file + " ]; do :; done; exit 3"},
                                     {.restart = {.mode = restart_mode::never}}));
  ASSERT_TRUE(eventually([&] { return manager_.get_status("a").last_exit.has_value(); }));
  const auto daemons = static_cast<pid_t>(std::stol(support::lines_of(file).front()));
  EXPECT_FALSE(support::is_gone(daemons));
  const auto record = *manager_.get_status("a").last_exit;
  EXPECT_EQ(record.code, 3);
  EXPECT_THAT(record.reason, ::testing::MatchesRegex("exited 3; cannot be killed, and lives on: " +
                                                     std::to_string(daemons) + " .(sleep|sh)."));
  EXPECT_THAT(record.left_behind, ::testing::ElementsAre(::testing::StartsWith(std::to_string(daemons))));
  EXPECT_FALSE(manager_.get_status("a").alive);
  ::kill(daemons, SIGKILL);
  EXPECT_TRUE(eventually([&] { return support::state_of(daemons) == 0; })) << "it is reaped when it ends after all";
}
