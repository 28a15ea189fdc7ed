#include "supervisor/exit_reason.hpp"

#include <gtest/gtest.h>

#include <csignal>

using namespace lineshaft;
using namespace lineshaft::supervisor;
using namespace std::chrono_literals;
using policy::leave_cause;

namespace {

constexpr sys::exit_status exited(int code) { return {.code = code}; }

start_options usual() {
  start_options options;
  options.start_timeout = 1500ms;
  return options;
}

}  // namespace

TEST(exit_reason, says_how_a_process_ended_and_why) {
  const sys::exit_status dumped{.code = -11, .core_dumped = true}, unknown{.known = false};
  const sys::exit_status out_of_memory{.code = -9, .out_of_memory = true};
  const struct {
    sys::exit_status status;
    leave_cause cause;
    bool killed, is_class;
    std::string error, expected;
  } table[] = {
      {exited(0), leave_cause::stop, false, true, "", "stopped"},
      {exited(0), leave_cause::restart, false, true, "", "stopped"},
      {exited(0), leave_cause::finished, false, true, "", "finished"},
      {exited(0), leave_cause::itself, false, true, "", "stopped by a signal from outside"},
      {exited(0), leave_cause::start_timeout, false, true, "", "was not ready within 1500 ms"},
      {exited(0), leave_cause::none, false, false, "", "exited 0"},
      {exited(0), leave_cause::none, false, true, "",
       "exited 0 without being asked: something in the worker called exit()"},
      {exited(70), leave_cause::failed, false, true, "cannot connect", "exited 70: cannot connect"},
      {exited(3), leave_cause::none, false, false, "", "exited 3"},
      {dumped, leave_cause::none, false, true, "", "killed by SIGSEGV (core dumped)"},
      {exited(-9), leave_cause::none, false, true, "", "killed by SIGKILL"},
      {out_of_memory, leave_cause::none, false, true, "", "killed: out of memory"},
      {out_of_memory, leave_cause::stop, false, true, "", "killed: out of memory"},
      {out_of_memory, leave_cause::stop, true, true, "", "killed: did not stop within 2 s"},
      {exited(-40), leave_cause::none, false, true, "", "killed by signal 40"},
      {exited(-9), leave_cause::stop, true, true, "", "killed: did not stop within 2 s"},
      {exited(-9), leave_cause::failed, true, true, "boom", "killed: did not stop within 2 s: boom"},
      {exited(-9), leave_cause::start_timeout, true, true, "",
       "killed: was not ready within 1500 ms and did not stop within 2 s"},
      {unknown, leave_cause::none, false, true, "", "ended; its exit code went to something else in this program"},
  };
  for (const auto& row : table)
    EXPECT_EQ(exit_reason({.status = row.status,
                           .cause = row.cause,
                           .killed = row.killed,
                           .is_class = row.is_class,
                           .error = row.error,
                           .options = usual(),
                           .stop_budget = 2s}),
              row.expected);
}

TEST(exit_reason, of_a_process_that_had_to_make_way_says_for_what) {
  const struct {
    policy::leave_cause cause;
    restart_cause restart;
    const char* expected;
  } rows[] = {
      {policy::leave_cause::restart, restart_cause::asked, "stopped"},
      {policy::leave_cause::restart, restart_cause::group, "stopped: another of its group is started again"},
      {policy::leave_cause::restart, restart_cause::recycle, "stopped: too old"},
      {policy::leave_cause::restart, restart_cause::reload, "stopped: its definition changed"},
      {policy::leave_cause::abandoned, restart_cause::asked, "stopped: 'a' failed"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(exit_reason({.cause = row.cause, .restart = row.restart, .abandoned = "'a' failed"}), row.expected);
  }
  EXPECT_EQ(exit_reason({.cause = leave_cause::restart, .restart = restart_cause::recycle, .sick = "too big: 2 bytes"}),
            "stopped: too big: 2 bytes");
  auto watched = usual();
  watched.watchdog = {.timeout = 5s};
  EXPECT_EQ(exit_reason({.status = {.code = -SIGABRT},
                         .cause = policy::leave_cause::watchdog,
                         .sick = "its event loop was stuck for 5 s"}),
            "ended by the watchdog: its event loop was stuck for 5 s");
}

TEST(exit_reason, is_counted_by_one_of_a_few_words) {
  const struct {
    exit_record record;
    bool killed;
    std::string_view expected;
  } table[] = {
      {{.code = 0, .success = true}, false, "normal"},
      {{.code = 70}, false, "exit_code"},
      {{.code = -SIGSEGV}, false, "signal"},
      {{.code = -SIGKILL, .out_of_memory = true}, false, "oom"},
      {{.code = -SIGKILL, .out_of_memory = true}, true, "timeout"},
      {{.code = -SIGKILL}, true, "timeout"},
      {{.code = -SIGTERM, .success = true}, false, "normal"},
      {{.code = -SIGKILL, .cause = "watchdog"}, true, "watchdog"},
      {{.code = -SIGKILL, .cause = "start_timeout"}, true, "start_failed"},
      {{.code = 0, .code_known = false}, false, "unknown"},
  };
  for (const auto& row : table) EXPECT_EQ(exit_word(row.record, row.killed), row.expected);
}
