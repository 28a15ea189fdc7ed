// Processes made before anybody needs them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>

#include "lineshaft/process_manager.hpp"
#include "support/eventually.hpp"
#include "support/files.hpp"
#include "support/processes.hpp"
#include "support/program.hpp"
#include "sys/fault.hpp"

using namespace std::chrono_literals;
using lineshaft::process_manager;
using support::eventually;
using support::spares_of;
using ::testing::Contains;
using ::testing::Not;

namespace {

class spare : public ::testing::Test {
 protected:
  spare() {
    EXPECT_TRUE(manager_.start_worker("idle", "warm"));
    expect_two();
  }
  ~spare() override { lineshaft::sys::clear_injected(); }

  /// Both are there, and the manager has heard of them.
  void expect_two() {
    EXPECT_TRUE(eventually(support::fork_server_rests)) << support::told_of_children();
    // All is said, and each of these lets its loop look at least once for what was said: four words.
    for (int turn = 0; turn < 20; ++turn) manager_.stop_process("nobody");
  }

  pid_t start(const std::string& name, lineshaft::start_options how = {}) {
    const auto pid = manager_.start_worker("runs", name, {}, std::move(how));
    EXPECT_TRUE(pid) << pid.error().message();
    EXPECT_TRUE(manager_.wait_ready(name, 60s));
    return pid.value_or(0);
  }

  support::temporary_folder folder_;
  process_manager manager_{support::host()};
};

}  // namespace

TEST_F(spare, becomes_the_next_worker_and_another_takes_its_place) {
  for (int round = 0; round < 20; ++round) {
    const auto waiting = spares_of("self");
    const auto worker = start("a");
    EXPECT_THAT(waiting, Contains(worker));
    EXPECT_EQ(support::name_of(worker), "a");
    expect_two();
    EXPECT_EQ(manager_.stop_process("a", 60s).how, lineshaft::stop_outcome::clean);
    EXPECT_EQ(support::state_of(worker), 0);
  }
}

TEST_F(spare, becomes_the_next_generation_of_one_that_crashed) {
  const auto worker = start("a", {.restart = {.delay = 0ms, .jitter = 0}});
  expect_two();
  const auto waiting = spares_of("self");
  ::kill(worker, SIGKILL);
  ASSERT_TRUE(eventually([&] { return manager_.get_status("a").generation == 2 && manager_.get_status("a").ready; }));
  EXPECT_THAT(waiting, Contains(*manager_.get_status("a").pid));
}

TEST_F(spare, stays_if_it_is_the_last) {
  lineshaft::sys::inject("spare", std::make_error_code(std::errc::resource_unavailable_try_again), 0, 100);
  start("a");
  const auto last = spares_of("self");
  ASSERT_EQ(last.size(), 1U);
  start("b");
  EXPECT_EQ(spares_of("self"), last);
}

TEST_F(spare, that_was_killed_is_reaped_and_made_again_with_the_next_start) {
  const auto killed = spares_of("self");
  for (const pid_t one : killed) ::kill(one, SIGKILL);
  for (const pid_t one : killed) EXPECT_TRUE(eventually([&] { return support::state_of(one) == 0; }));
  start("a");
  expect_two();
}

TEST(spares, that_die_before_they_have_said_a_word_are_reaped) {
  ::setenv("LINESHAFT_FAULTS", "spare.begin=SIGKILL", 1);
  process_manager manager(support::host());
  for (const char* name : {"a", "b", "c"}) {
    ASSERT_TRUE(manager.start_worker("idle", name, {}, {.env = {{"LINESHAFT_FAULTS", ""}}}));
    ASSERT_TRUE(manager.wait_ready(name, 60s));
  }
  ::unsetenv("LINESHAFT_FAULTS");
  EXPECT_TRUE(eventually([] { return support::children_of("self").size() == 4; })) << support::told_of_children();
}

TEST(spares, that_are_only_being_made_go_with_their_manager) {
  for (int round = 0; round < 50; ++round) {
    {
      process_manager manager(support::host());
      ASSERT_TRUE(manager.start_worker("idle", "a"));
    }
    ASSERT_EQ(support::children_of("self").size(), 0U) << round << '\n' << support::told_of_children();
  }
}

TEST_F(spare, that_dies_before_it_has_heard_what_to_become_is_a_worker_that_died) {
  const auto waiting = spares_of("self");
  for (const pid_t one : waiting) ::kill(one, SIGSTOP);
  const auto told = manager_.start_worker("runs", "a", {}, {.restart = {.delay = 0ms, .jitter = 0}});
  ASSERT_TRUE(told) << told.error().message();
  ASSERT_THAT(waiting, Contains(*told));
  ::kill(*told, SIGKILL);
  for (const pid_t one : waiting) ::kill(one, SIGCONT);
  EXPECT_TRUE(eventually([&] { return manager_.get_status("a").generation == 2 && manager_.get_status("a").ready; }));
  EXPECT_EQ(manager_.exit_records("a").at(0).code, -SIGKILL);
}

TEST_F(spare, that_cannot_be_told_is_done_without) {
  const auto waiting = spares_of("self");
  for (const char* call : {"pidfd_open", "sendmsg"}) {
    lineshaft::sys::inject(call, std::make_error_code(std::errc::too_many_files_open));
    EXPECT_THAT(waiting, Not(Contains(start(call)))) << call;
    lineshaft::sys::clear_injected();
  }
  EXPECT_EQ(spares_of("self"), waiting);
}

// What is asked for only as a process is made.
TEST_F(spare, is_not_for_a_worker_with_settings_of_its_own) {
  const auto waiting = spares_of("self");
  EXPECT_THAT(waiting, Not(Contains(start("a", {.limits = {.nofile = 100}}))));
  EXPECT_EQ(spares_of("self"), waiting);
}

TEST_F(spare, outlives_its_fork_server_and_becomes_a_worker_without_one) {
  const auto waiting = spares_of("self");
  const auto first = support::fork_server_of("self");
  ::kill(first, SIGKILL);
  ASSERT_TRUE(eventually([&] { return support::state_of(first) == 0; }));
  EXPECT_THAT(waiting, Contains(start("a")));
  expect_two();
  EXPECT_NE(support::fork_server_of("self"), first) << "a new one has made it";
}

TEST_F(spare, becomes_a_worker_like_any_other) {
  const auto seen_by = [&](const std::string& name) {
    EXPECT_TRUE(manager_.start_worker("looks", name, {{"file", folder_ / name}}, {.env = {{"EXTRA", "yes"}}}));
    EXPECT_TRUE(eventually([&] { return support::facts_of(folder_ / name).contains("end"); }));
    auto facts = support::facts_of(folder_ / name);
    facts.erase("LINESHAFT_WORKER");
    return facts;
  };
  const auto of_spare = seen_by("a");
  lineshaft::sys::inject("spare", std::make_error_code(std::errc::resource_unavailable_try_again), 0, 100);
  start("takes_the_spare");
  const auto of_copy = seen_by("b");
  EXPECT_EQ(of_spare, of_copy);
}

TEST_F(spare, that_has_become_a_worker_takes_its_daemons_along) {
  const auto waiting = spares_of("self");
  const auto worker = manager_.start_worker("forks_a_daemon", "a", {{"file", folder_ / "daemon"}});
  ASSERT_TRUE(worker) << worker.error().message();
  EXPECT_THAT(waiting, Contains(*worker));
  ASSERT_TRUE(eventually([&] { return !support::lines_of(folder_ / "daemon").empty(); }));
  const auto daemon = static_cast<pid_t>(std::stol(support::lines_of(folder_ / "daemon").front()));
  EXPECT_FALSE(support::is_gone(daemon));
  manager_.stop_process("a", 60s);
  EXPECT_TRUE(support::is_gone(daemon));
}

TEST_F(spare, has_the_variables_and_the_output_of_its_worker) {
  const auto waiting = spares_of("self");
  const auto worker =
      manager_.start_worker("shows_environment", "a", {{"file", folder_ / "shown"}},
                            {.env = {{"ONLY_HERE", "yes"}}, .output = {.to = lineshaft::output_to::null}});
  ASSERT_TRUE(worker) << worker.error().message();
  EXPECT_THAT(waiting, Contains(*worker));
  EXPECT_TRUE(eventually([&] { return support::facts_of(folder_ / "shown")["ONLY_HERE"] == "yes"; }));
  EXPECT_EQ(std::filesystem::read_symlink("/proc/" + std::to_string(*worker) + "/fd/1"), "/dev/null");
}
