// The watchdog of the event loop: it ends what is stuck, and nothing else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>

#include "children/classes.hpp"
#include "support/eventually.hpp"
#include "support/files.hpp"
#include "support/processes.hpp"
#include "support/program.hpp"

using namespace std::chrono_literals;
using lineshaft::process_manager;
using lineshaft::restart_mode;
using lineshaft::worker_of;
using lineshaft::worker_state;
using support::eventually;
using testing::HasSubstr;

namespace {

lineshaft::start_options watched(std::chrono::milliseconds timeout) {
  lineshaft::start_options how;
  how.restart.mode = restart_mode::never;
  how.watchdog = {.timeout = timeout};
  return how;
}

// A program that says something at its NOTIFY_SOCKET, `s`, by hand, and lives on.
std::vector<std::string> notifies(const std::string& what) {
  return {"/usr/bin/python3", "-c",
          "import os, socket, time\n"
          "s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)\n"
          "s.connect('\\0' + os.environ['NOTIFY_SOCKET'][1:])\n" +
              what + "\ntime.sleep(1000)\n"};
}

/// One on which this process may run.
unsigned an_own_processor() {
  cpu_set_t own;
  CPU_ZERO(&own);
  ::sched_getaffinity(0, sizeof own, &own);
  unsigned one = 0;
  while (one + 1 < CPU_SETSIZE && !CPU_ISSET(one, &own)) ++one;
  return one;
}

class watchdog : public ::testing::Test {
 protected:
  bool has_event(const std::string& cause) {
    const std::scoped_lock lock(mutex_);
    return std::ranges::any_of(events_, [&](const auto& one) {
      return one.kind == lineshaft::event_kind::watchdog && one.cause.contains(cause);
    });
  }

  /// For much longer than the handler may take; and it goes on as if nothing had been.
  void stop_inside_a_handler(const std::string& worker) {
    const auto pid = *manager_.get_status(worker).pid;
    ASSERT_TRUE(eventually([&] { return manager_.get_status(worker).loop == lineshaft::loop_state::busy; }));
    ::kill(pid, SIGSTOP);
    std::this_thread::sleep_for(1s);
    ::kill(pid, SIGCONT);
    const auto before = manager_.get_status(worker).processed;
    ASSERT_TRUE(eventually([&] { return manager_.get_status(worker).processed > before + 3; }))
        << manager_.get_status(worker).error;
    EXPECT_EQ(manager_.get_status(worker).pid, pid);
  }

  /// What it has said of one worker.
  std::vector<std::string> causes_of(const std::string& worker) {
    const std::scoped_lock lock(mutex_);
    std::vector<std::string> all;
    for (const auto& one : events_)
      if (one.kind == lineshaft::event_kind::watchdog && one.worker == worker) all.push_back(one.cause);
    return all;
  }

  std::mutex mutex_;
  std::vector<lineshaft::event> events_;
  process_manager manager_{support::host()};
  lineshaft::subscription subscription_ = manager_.subscribe([this](const lineshaft::event& one) {
    const std::scoped_lock lock(mutex_);
    events_.push_back(one);
  });
};

}  // namespace

TEST_F(watchdog, a_stuck_loop_is_ended_and_its_stack_is_kept) {
  ASSERT_TRUE(manager_.start_worker<children::hangs>("a", {}, watched(100ms)));
  ASSERT_TRUE(eventually([&] { return manager_.get_status("a").last_exit.has_value(); }));
  const auto record = *manager_.get_status("a").last_exit;
  EXPECT_EQ(record.code, -SIGABRT);
  EXPECT_THAT(record.reason, HasSubstr("ended by the watchdog: its event loop was stuck for 100 ms"));
  EXPECT_THAT(record.stack, HasSubstr("(+0x"));
  EXPECT_THAT(record.stack, HasSubstr("pause"));
  EXPECT_TRUE(eventually([&] { return has_event("stuck"); }));
  EXPECT_EQ(manager_.get_status("a").state, worker_state::failed);
}

TEST_F(watchdog, what_it_ends_is_started_again_and_counted_apart) {
  auto how = watched(50ms);
  how.restart = {.mode = restart_mode::on_failure, .delay = 1ms, .jitter = 0};
  ASSERT_TRUE(manager_.start_worker<children::hangs>("a", {}, how));
  ASSERT_TRUE(eventually([&] { return manager_.get_status("a").restarts_by.watchdog >= 2; }));
  EXPECT_EQ(manager_.get_status("a").restarts_by.crash, 0U);
  manager_.stop_all(50ms);
}

TEST_F(watchdog, a_ladder_without_a_rung_only_records) {
  auto how = watched(50ms);
  how.watchdog->ladder = {};
  ASSERT_TRUE(manager_.start_worker<children::hangs>("a", {}, how));
  ASSERT_TRUE(eventually([&] { return has_event("stuck"); }));
  EXPECT_TRUE(manager_.get_status("a").alive);
  EXPECT_EQ(manager_.stop_process("a", 100ms).how, lineshaft::stop_outcome::killed);
  EXPECT_THAT(manager_.exit_records("a").back().stack, HasSubstr("pause"));
}

TEST_F(watchdog, a_stopped_process_is_told_from_a_stuck_one) {
  ASSERT_TRUE(manager_.start_worker<children::grinds>("a", {.cpu_ms = 60}, watched(100ms)));
  ASSERT_TRUE(eventually([&] { return manager_.get_status("a").processed > 0; }));
  ASSERT_NO_FATAL_FAILURE(stop_inside_a_handler("a"));
  EXPECT_TRUE(eventually([&] { return has_event("stopped"); }));
}

// The loop's own watch sees it, too: where SIGCHLD is ignored, nobody else tells.
TEST_F(watchdog, a_stop_of_which_the_kernel_does_not_tell_is_noticed_afterwards) {
  ASSERT_TRUE(manager_.start_worker<children::grinds>("a", {.cpu_ms = 60}, watched(100ms)));
  ASSERT_TRUE(eventually([&] { return manager_.get_status("a").processed > 0; }));
  const auto before = ::signal(SIGCHLD, SIG_IGN);
  ASSERT_NO_FATAL_FAILURE(stop_inside_a_handler("a"));
  EXPECT_TRUE(eventually([&] { return has_event("stopped"); }));
  ::signal(SIGCHLD, before);
}

// Nobody looks at an idle worker: the kernel tells of it.
TEST_F(watchdog, an_idle_worker_that_is_stopped_is_seen_at_once_and_only_once) {
  ASSERT_TRUE(manager_.start_worker<children::idle>("a", {}, watched(24h)));
  ASSERT_TRUE(manager_.start_command("b", {"sleep", "1000"}, watched(24h)));
  for (const auto* name : {"a", "b"}) {
    ASSERT_TRUE(manager_.wait_ready(name));
    const auto pid = *manager_.get_status(name).pid;
    for (std::size_t times = 1; times <= 2; ++times) {
      ::kill(pid, SIGSTOP);
      ASSERT_TRUE(eventually([&] { return causes_of(name).size() == times; }));
      ASSERT_TRUE(eventually([&] { return manager_.get_status(name).error.contains("is stopped"); }));
      ::kill(pid, SIGCONT);
      ASSERT_TRUE(eventually([&] { return manager_.get_status(name).error.empty(); }));
    }
    EXPECT_THAT(causes_of(name), testing::ElementsAre("stopped", "stopped"));
    EXPECT_EQ(manager_.get_status(name).pid, pid);
  }
}

// Where SIGCHLD is ignored, nobody tells: the looks at a program that has to beat find it, and find that it goes on.
TEST_F(watchdog, a_stop_that_is_found_by_another_look_is_in_the_status_as_long_as_it_lasts) {
  auto how = watched(200ms);
  how.watchdog->ladder = {};
  ASSERT_TRUE(manager_.start_command("a", {"sleep", "1000"}, how));
  ASSERT_TRUE(manager_.wait_ready("a"));
  const auto before = ::signal(SIGCHLD, SIG_IGN);
  const auto pid = *manager_.get_status("a").pid;
  ::kill(pid, SIGSTOP);
  EXPECT_TRUE(eventually([&] { return manager_.get_status("a").error.contains("is stopped"); }));
  ::kill(pid, SIGCONT);
  EXPECT_TRUE(eventually([&] { return manager_.get_status("a").error.empty(); }));
  ::signal(SIGCHLD, before);
}

TEST_F(watchdog, a_loop_that_is_slow_is_recorded_and_goes_on) {
  // A handler takes three quarters of what it may, none of it of a processor, of which others have as much as they
  // like.
  ASSERT_TRUE(manager_.start_worker<children::naps>("a", {.ms = 450}, watched(600ms)));
  ASSERT_TRUE(eventually([&] { return has_event("slow"); }));
  const auto before = manager_.get_status("a").processed;
  ASSERT_TRUE(eventually([&] { return manager_.get_status("a").processed >= before + 2; }));
  EXPECT_EQ(manager_.get_status("a").generation, 1U);
  EXPECT_FALSE(has_event("stuck"));
  manager_.stop_process("a", 0ms);
}

TEST_F(watchdog, one_that_gets_no_processor_is_recorded_and_not_ended) {
  const auto processor = an_own_processor();
  for (int spinner = 0; spinner < 4; ++spinner)
    ASSERT_TRUE(manager_.start_command("spin-" + std::to_string(spinner), {"sh", "-c", "while :; do :; done"},
                                       {.cpu_affinity = {processor}}));
  auto how = watched(100ms);
  how.nice = 19;
  how.cpu_affinity = {processor};
  ASSERT_TRUE(manager_.start_worker<children::grinds>("a", {.cpu_ms = 10}, how));
  ASSERT_TRUE(eventually([&] { return has_event("starved"); }));
  for (int spinner = 0; spinner < 4; ++spinner) manager_.stop_process("spin-" + std::to_string(spinner), 0ms);
  const auto before = manager_.get_status("a").processed;
  ASSERT_TRUE(eventually([&] { return manager_.get_status("a").processed >= before + 2; }));
  EXPECT_EQ(manager_.get_status("a").generation, 1U);
  EXPECT_FALSE(has_event("stuck"));
}

TEST_F(watchdog, a_busy_machine_kills_no_healthy_worker) {
  for (int spinner = 0; spinner < 16; ++spinner) {
    ASSERT_TRUE(manager_.start_command("spin-" + std::to_string(spinner), {"sh", "-c", "while :; do :; done"}));
  }
  // Half of what one handler may take, on a machine where that lasts many times as long.
  for (const auto* name : {"a", "b"}) {
    ASSERT_TRUE(manager_.start_worker<children::grinds>(name, {.cpu_ms = 100}, watched(200ms)));
  }
  // And a program that beats twice as often as it has to.
  auto beats = watched(400ms);
  beats.ready = lineshaft::ready_when::notify;
  ASSERT_TRUE(manager_.start_command("p",
                                     notifies("s.send(b'READY=1')\n"
                                              "for beat in range(1000):\n"
                                              "  time.sleep(0.2)\n"
                                              "  s.send(b'WATCHDOG=1\\nSTATUS=%d' % beat)"),
                                     beats));
  ASSERT_TRUE(eventually([&] { return manager_.get_status("p").status_text.size() > 1; }))
      << manager_.get_status("p").error;
  EXPECT_EQ(manager_.get_status("p").generation, 1U);
  EXPECT_FALSE(has_event("no_beat"));
  for (const auto* name : {"a", "b"}) {
    ASSERT_TRUE(eventually([&] { return manager_.get_status(name).processed >= 5; }))
        << manager_.get_status(name).error;
    EXPECT_EQ(manager_.get_status(name).generation, 1U);
    EXPECT_TRUE(manager_.get_status(name).alive);
  }
  EXPECT_FALSE(has_event("stuck"));
  manager_.stop_all(1s);
}

TEST_F(watchdog, a_program_that_falls_silent_is_ended) {
  auto how = watched(50ms);
  how.ready = lineshaft::ready_when::notify;
  ASSERT_TRUE(manager_.start_command(
      "a", notifies("s.send(b'READY=1\\nSTATUS=' + os.environ['WATCHDOG_USEC'].encode())"), how));
  ASSERT_TRUE(eventually([&] { return manager_.get_status("a").last_exit.has_value(); }));
  const auto record = *manager_.get_status("a").last_exit;
  EXPECT_EQ(record.reason, "ended by the watchdog: no WATCHDOG=1 for 50 ms");
  EXPECT_EQ(record.cause, "watchdog");
  EXPECT_EQ(record.code, -SIGABRT);
  EXPECT_EQ(record.status_text, "50000");
  EXPECT_TRUE(eventually([&] { return has_event("no_beat"); }));
}

TEST_F(watchdog, a_program_that_asks_for_the_verdict_gets_it) {
  auto how = watched(24h);
  how.ready = lineshaft::ready_when::notify;
  ASSERT_TRUE(manager_.start_command("a", notifies("s.send(b'READY=1'); s.send(b'WATCHDOG=trigger')"), how));
  ASSERT_TRUE(eventually([&] { return manager_.get_status("a").last_exit.has_value(); }));
  EXPECT_EQ(manager_.get_status("a").last_exit->cause, "watchdog");
}

TEST_F(watchdog, a_loop_that_waits_for_the_loader_is_ended_too) {
  const support::temporary_folder folder;
  ASSERT_TRUE(manager_.start_worker<children::hangs_in_the_loader>("a", {folder / "fifo"}, watched(100ms)));
  ASSERT_TRUE(eventually([&] { return manager_.get_status("a").last_exit.has_value(); }));
  EXPECT_THAT(manager_.get_status("a").last_exit->reason, HasSubstr("its event loop was stuck for 100 ms"));
}

TEST_F(watchdog, each_time_that_a_loop_is_stuck_is_recorded) {
  auto how = watched(50ms);
  how.watchdog->ladder.clear();
  ASSERT_TRUE(manager_.start_worker<children::naps>("a", {.ms = 200}, how));
  EXPECT_TRUE(eventually([&] { return std::ranges::count(causes_of("a"), "stuck") >= 3; }));
  EXPECT_EQ(manager_.get_status("a").generation, 1U);
}

TEST_F(watchdog, a_signal_without_a_time_is_not_followed_by_the_next_at_once) {
  auto how = watched(50ms);
  how.watchdog->ladder = {{SIGABRT, 0ms}, {SIGKILL, 0ms}};
  ASSERT_TRUE(manager_.start_worker<children::hangs>("a", {}, how));
  ASSERT_TRUE(eventually([&] { return manager_.get_status("a").last_exit.has_value(); }));
  EXPECT_EQ(manager_.get_status("a").last_exit->code, -SIGABRT);
}

TEST_F(watchdog, one_that_uses_too_much_memory_is_replaced) {
  lineshaft::start_options how;
  how.max_memory = 1;  // every process has more
  ASSERT_TRUE(manager_.start_worker<children::idle>("a", {}, how));
  ASSERT_TRUE(eventually([&] { return manager_.get_status("a").restarts_by.recycle == 1; }));
  const auto record = manager_.exit_records("a").at(0);
  EXPECT_TRUE(record.success) << record.reason;
  EXPECT_EQ(record.cause, "restart");
  EXPECT_THAT(record.reason, testing::MatchesRegex("stopped: too big: [0-9]+ bytes of memory, where max_memory is 1"));
  EXPECT_TRUE(eventually([&] { return has_event("too_big"); }));
}

TEST_F(watchdog, one_that_is_too_old_is_replaced) {
  lineshaft::start_options how;
  how.max_lifetime = 20ms;
  ASSERT_TRUE(manager_.start_worker<children::idle>("a", {}, how));
  ASSERT_TRUE(eventually([&] { return manager_.get_status("a").restarts_by.recycle >= 2; }));
  const auto record = manager_.exit_records("a").at(0);
  EXPECT_TRUE(record.success) << record.reason;
  EXPECT_EQ(record.reason, "stopped: too old");
  EXPECT_GE(record.lifetime, 18ms) << "ten per cent sooner at most";
  EXPECT_EQ(manager_.get_status("a").process_restarts, manager_.get_status("a").restarts_by.recycle);
}

TEST_F(watchdog, the_record_tells_the_states_of_a_life) {
  ASSERT_TRUE(manager_.start_worker<children::idle>("a"));
  ASSERT_TRUE(manager_.wait_ready("a"));
  manager_.stop_process("a", 60s);
  const auto record = manager_.exit_records("a").at(0);
  std::vector<worker_state> states;
  for (const auto& one : record.states) states.push_back(one.state);
  EXPECT_THAT(states, testing::ElementsAre(worker_state::starting, worker_state::running, worker_state::stopping));
  EXPECT_EQ(record.cause, "stop");
  EXPECT_EQ(to_json(record).at("states").as_array().size(), 3U);
}
