// Every command and every event in every phase, as one table; then what two of them do together.
#include "policy/worker_life.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <ostream>

#include "policy/lives.hpp"

using namespace lineshaft;
using namespace lineshaft::policy;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

using step = std::function<actions(worker_life&)>;

const step start = [](worker_life& life) { return life.start(at(1s)); };
const step stop = [](worker_life& life) { return life.stop(at(1s), at(3s)); };
const step sooner_stop = [](worker_life& life) { return life.stop(at(1s), at(1500ms)); };
const step restart = [](worker_life& life) { return life.restart(at(1s), at(3s)); };
const step reload = [](worker_life& life) { return life.restart(at(1s), at(3s), restart_cause::reload); };
const step abandon = [](worker_life& life) { return life.abandon(at(1s), at(3s), "others failed"); };
const step release = [](worker_life& life) { return life.release(at(1s)); };
const step launched = [](worker_life& life) { return life.launched(at(1s)); };
const step launch_failed = [](worker_life& life) { return life.launch_failed(at(1s), 0); };
const step became_ready = [](worker_life& life) { return life.became_ready(at(1s)); };
const step became_unready = [](worker_life& life) { return life.became_unready(at(1s)); };
const step watchdog = [](worker_life& life) { return life.watchdog(at(1s), at(3s)); };
const step says_leaving = [](worker_life& life) { return life.leaving(at(1s), leave_cause::itself); };
const step says_failed = [](worker_life& life) { return life.leaving(at(1s), leave_cause::failed); };
const step says_finished = [](worker_life& life) { return life.leaving(at(1s), leave_cause::finished); };
const step exits_0 = [](worker_life& life) { return life.exited(at(1s), clean); };
const step crashes = [](worker_life& life) { return life.exited(at(1s), crashed); };
const step early_timer = [](worker_life& life) { return life.timer(at(1ms)); };
const step late_timer = [](worker_life& life) { return life.timer(at(1h)); };

const actions nothing, launch{action::launch}, ask{action::send_shutdown}, kill_it{action::kill},
    climb{action::end_stuck}, give_up{action::give_up_launch}, tell{action::tell_waiting};

struct row {
  phase before;
  const char* name;
  step what;
  actions todo;
  phase after;
  worker_state state;
};

using enum worker_state;
constexpr auto waiting = worker_state::backoff;  // not policy::backoff()

const row table[] = {
    {phase::down, "start", start, nothing, phase::held, starting},
    {phase::down, "stop", stop, nothing, phase::down, stopped},
    {phase::down, "restart", restart, nothing, phase::held, starting},
    {phase::down, "launched", launched, nothing, phase::down, stopped},
    {phase::down, "launch_failed", launch_failed, nothing, phase::down, stopped},
    {phase::down, "became_ready", became_ready, nothing, phase::down, stopped},
    {phase::down, "says_failed", says_failed, nothing, phase::down, stopped},
    {phase::down, "crashes", crashes, nothing, phase::down, stopped},
    {phase::down, "late_timer", late_timer, nothing, phase::down, stopped},
    {phase::down, "abandon", abandon, nothing, phase::down, stopped},
    {phase::down, "release", release, nothing, phase::down, stopped},
    {phase::down, "became_unready", became_unready, nothing, phase::down, stopped},
    {phase::down, "watchdog", watchdog, nothing, phase::down, stopped},

    {phase::held, "start", start, nothing, phase::held, starting},
    {phase::held, "stop", stop, nothing, phase::down, stopped},
    {phase::held, "restart", restart, nothing, phase::held, starting},
    {phase::held, "abandon", abandon, nothing, phase::down, failed},
    {phase::held, "release", release, launch, phase::launching, starting},
    {phase::held, "launched", launched, nothing, phase::held, starting},
    {phase::held, "launch_failed", launch_failed, nothing, phase::held, starting},
    {phase::held, "became_ready", became_ready, nothing, phase::held, starting},
    {phase::held, "became_unready", became_unready, nothing, phase::held, starting},
    {phase::held, "says_failed", says_failed, nothing, phase::held, starting},
    {phase::held, "watchdog", watchdog, nothing, phase::held, starting},
    {phase::held, "crashes", crashes, nothing, phase::held, starting},
    {phase::held, "early_timer", early_timer, nothing, phase::held, starting},
    {phase::held, "late_timer", late_timer, tell, phase::held, starting},

    {phase::launching, "start", start, nothing, phase::launching, starting},
    {phase::launching, "stop", stop, nothing, phase::launching, starting},
    {phase::launching, "restart", restart, nothing, phase::launching, starting},
    {phase::launching, "launched", launched, nothing, phase::starting, starting},
    {phase::launching, "launch_failed", launch_failed, nothing, phase::down, failed},
    {phase::launching, "became_ready", became_ready, nothing, phase::launching, starting},
    {phase::launching, "says_failed", says_failed, nothing, phase::launching, starting},
    {phase::launching, "crashes", crashes, nothing, phase::launching, starting},
    {phase::launching, "early_timer", early_timer, nothing, phase::launching, starting},
    {phase::launching, "late_timer", late_timer, give_up, phase::launching, starting},
    {phase::launching, "reload", reload, nothing, phase::launching, starting},
    {phase::launching, "abandon", abandon, nothing, phase::launching, starting},
    {phase::launching, "release", release, nothing, phase::launching, starting},
    {phase::launching, "watchdog", watchdog, nothing, phase::launching, starting},

    {phase::starting, "start", start, nothing, phase::starting, starting},
    {phase::starting, "stop", stop, ask, phase::stopping, stopping},
    {phase::starting, "restart", restart, ask, phase::stopping, stopping},
    {phase::starting, "launched", launched, nothing, phase::starting, starting},
    {phase::starting, "launch_failed", launch_failed, nothing, phase::starting, starting},
    {phase::starting, "became_ready", became_ready, nothing, phase::running, running},
    {phase::starting, "says_leaving", says_leaving, nothing, phase::stopping, stopping},
    {phase::starting, "says_failed", says_failed, nothing, phase::stopping, stopping},
    {phase::starting, "says_finished", says_finished, nothing, phase::stopping, stopping},
    {phase::starting, "exits_0", exits_0, nothing, phase::down, completed},
    {phase::starting, "crashes", crashes, nothing, phase::backoff, waiting},
    {phase::starting, "early_timer", early_timer, nothing, phase::starting, starting},
    {phase::starting, "late_timer", late_timer, ask, phase::stopping, stopping},
    {phase::starting, "abandon", abandon, ask, phase::stopping, stopping},
    {phase::starting, "release", release, nothing, phase::starting, starting},
    {phase::starting, "became_unready", became_unready, nothing, phase::starting, starting},
    {phase::starting, "watchdog", watchdog, climb, phase::stopping, stopping},

    {phase::running, "start", start, nothing, phase::running, running},
    {phase::running, "stop", stop, ask, phase::stopping, stopping},
    {phase::running, "restart", restart, ask, phase::stopping, stopping},
    {phase::running, "launched", launched, nothing, phase::running, running},
    {phase::running, "launch_failed", launch_failed, nothing, phase::running, running},
    {phase::running, "became_ready", became_ready, nothing, phase::running, running},
    {phase::running, "says_leaving", says_leaving, nothing, phase::stopping, stopping},
    {phase::running, "says_failed", says_failed, nothing, phase::stopping, stopping},
    {phase::running, "says_finished", says_finished, nothing, phase::stopping, stopping},
    {phase::running, "exits_0", exits_0, nothing, phase::down, completed},
    {phase::running, "crashes", crashes, nothing, phase::backoff, waiting},
    {phase::running, "late_timer", late_timer, nothing, phase::running, running},
    {phase::running, "abandon", abandon, ask, phase::stopping, stopping},
    {phase::running, "release", release, nothing, phase::running, running},
    {phase::running, "became_unready", became_unready, nothing, phase::unready, running},
    {phase::running, "watchdog", watchdog, climb, phase::stopping, stopping},

    {phase::unready, "start", start, nothing, phase::unready, running},
    {phase::unready, "stop", stop, ask, phase::stopping, stopping},
    {phase::unready, "restart", restart, ask, phase::stopping, stopping},
    {phase::unready, "abandon", abandon, ask, phase::stopping, stopping},
    {phase::unready, "release", release, nothing, phase::unready, running},
    {phase::unready, "launched", launched, nothing, phase::unready, running},
    {phase::unready, "launch_failed", launch_failed, nothing, phase::unready, running},
    {phase::unready, "became_ready", became_ready, nothing, phase::running, running},
    {phase::unready, "became_unready", became_unready, nothing, phase::unready, running},
    {phase::unready, "says_leaving", says_leaving, nothing, phase::stopping, stopping},
    {phase::unready, "says_failed", says_failed, nothing, phase::stopping, stopping},
    {phase::unready, "watchdog", watchdog, climb, phase::stopping, stopping},
    {phase::unready, "exits_0", exits_0, nothing, phase::down, completed},
    {phase::unready, "crashes", crashes, nothing, phase::backoff, waiting},
    {phase::unready, "late_timer", late_timer, nothing, phase::unready, running},

    {phase::stopping, "start", start, nothing, phase::stopping, stopping},
    {phase::stopping, "stop", stop, nothing, phase::stopping, stopping},
    {phase::stopping, "sooner_stop", sooner_stop, ask, phase::stopping, stopping},
    {phase::stopping, "restart", restart, nothing, phase::stopping, stopping},
    {phase::stopping, "launched", launched, nothing, phase::stopping, stopping},
    {phase::stopping, "launch_failed", launch_failed, nothing, phase::stopping, stopping},
    {phase::stopping, "became_ready", became_ready, nothing, phase::stopping, stopping},
    {phase::stopping, "says_failed", says_failed, nothing, phase::stopping, stopping},
    {phase::stopping, "exits_0", exits_0, nothing, phase::down, stopped},
    {phase::stopping, "crashes", crashes, nothing, phase::down, stopped},
    {phase::stopping, "early_timer", early_timer, nothing, phase::stopping, stopping},
    {phase::stopping, "late_timer", late_timer, kill_it, phase::killing, stopping},
    {phase::stopping, "abandon", abandon, nothing, phase::stopping, stopping},
    {phase::stopping, "release", release, nothing, phase::stopping, stopping},
    {phase::stopping, "became_unready", became_unready, nothing, phase::stopping, stopping},
    {phase::stopping, "watchdog", watchdog, nothing, phase::stopping, stopping},

    {phase::killing, "start", start, nothing, phase::killing, stopping},
    {phase::killing, "stop", stop, nothing, phase::killing, stopping},
    {phase::killing, "sooner_stop", sooner_stop, nothing, phase::killing, stopping},
    {phase::killing, "restart", restart, nothing, phase::killing, stopping},
    {phase::killing, "launched", launched, nothing, phase::killing, stopping},
    {phase::killing, "launch_failed", launch_failed, nothing, phase::killing, stopping},
    {phase::killing, "became_ready", became_ready, nothing, phase::killing, stopping},
    {phase::killing, "says_finished", says_finished, nothing, phase::killing, stopping},
    {phase::killing, "exits_0", exits_0, nothing, phase::down, stopped},
    {phase::killing, "crashes", crashes, nothing, phase::down, stopped},
    {phase::killing, "early_timer", early_timer, nothing, phase::killing, stopping},
    {phase::killing, "late_timer", late_timer, tell, phase::killing, stopping},
    {phase::killing, "abandon", abandon, nothing, phase::killing, stopping},
    {phase::killing, "release", release, nothing, phase::killing, stopping},
    {phase::killing, "watchdog", watchdog, nothing, phase::killing, stopping},

    {phase::backoff, "start", start, nothing, phase::held, starting},
    {phase::backoff, "stop", stop, nothing, phase::down, stopped},
    {phase::backoff, "restart", restart, nothing, phase::held, starting},
    {phase::backoff, "launched", launched, nothing, phase::backoff, waiting},
    {phase::backoff, "launch_failed", launch_failed, nothing, phase::backoff, waiting},
    {phase::backoff, "became_ready", became_ready, nothing, phase::backoff, waiting},
    {phase::backoff, "says_failed", says_failed, nothing, phase::backoff, waiting},
    {phase::backoff, "crashes", crashes, nothing, phase::backoff, waiting},
    {phase::backoff, "early_timer", early_timer, nothing, phase::backoff, waiting},
    {phase::backoff, "late_timer", late_timer, nothing, phase::held, starting},
    {phase::backoff, "abandon", abandon, nothing, phase::down, failed},
    {phase::backoff, "release", release, nothing, phase::backoff, waiting},
    {phase::backoff, "watchdog", watchdog, nothing, phase::backoff, waiting},
};

}  // namespace

TEST(worker_life, every_command_and_event_is_defined_in_every_phase) {
  for (const auto& row : table) {
    SCOPED_TRACE(testing::Message() << row.name << " in phase " << static_cast<int>(row.before));
    auto life = life_in(row.before);
    const auto generation = life.generation();
    EXPECT_EQ(row.what(life), row.todo);
    EXPECT_EQ(life.current(), row.after);
    EXPECT_EQ(life.state(), row.state);
    EXPECT_EQ(life.generation(), generation + (row.todo == launch ? 1 : 0));
    EXPECT_EQ(life.ready(), row.after == phase::running);
  }
}

namespace {

// Several steps from a phase on, and where the worker is after them.
struct story {
  const char* name;
  phase before;
  std::vector<step> steps;
  actions last_todo;
  worker_state state;
};

}  // namespace

TEST(worker_life, of_several_commands_before_the_end_of_a_process_the_last_one_counts) {
  const step kills = late_timer;
  const story stories[] = {
      {"start after stop", phase::running, {stop, start, exits_0}, nothing, starting},
      {"start after a stop that has to kill", phase::running, {stop, kills, start, crashes}, nothing, starting},
      {"stop, start, stop", phase::running, {stop, start, stop, exits_0}, nothing, stopped},
      {"restart", phase::running, {restart, exits_0}, nothing, starting},
      {"restart that has to kill", phase::running, {restart, kills, crashes}, nothing, starting},
      {"stop after restart", phase::running, {restart, stop, crashes}, nothing, stopped},
      {"stop after a restart that has to kill", phase::running, {restart, kills, stop, crashes}, nothing, stopped},
      {"restart after stop", phase::running, {stop, restart, exits_0}, nothing, starting},
      {"stop while making a process", phase::launching, {stop, launched}, ask, stopping},
      {"the same, and its end", phase::launching, {stop, launched, crashes}, nothing, stopped},
      {"the same, and there is none", phase::launching, {stop, launch_failed}, nothing, stopped},
      {"stop and start while making one", phase::launching, {stop, start, launched}, ask, stopping},
      {"the same, and its end", phase::launching, {stop, start, launched, exits_0}, nothing, starting},
      {"the same, and there is none", phase::launching, {stop, start, launch_failed}, nothing, starting},
      {"stop and restart while making one", phase::launching, {stop, restart, launched, exits_0}, nothing, starting},
      {"restart and stop while making one", phase::launching, {restart, stop, launched, exits_0}, nothing, stopped},
      {"stop of one that fails by itself", phase::running, {says_failed, stop, crashes}, nothing, failed},
      {"stop of one that finishes by itself", phase::running, {says_finished, stop, exits_0}, nothing, completed},
      {"stop of one that was late to be ready", phase::starting, {late_timer, stop, crashes}, nothing, failed},
      {"start of one that fails by itself", phase::running, {says_failed, start, crashes}, nothing, starting},
      {"a reload while making a process", phase::launching, {reload, launched}, ask, stopping},
      {"the same, and its end", phase::launching, {reload, launched, exits_0}, nothing, starting},
      {"stop after it was abandoned", phase::running, {abandon, stop, exits_0}, nothing, stopped},
      {"abandoned", phase::running, {abandon, exits_0}, nothing, failed},
      {"abandoned while it stops", phase::running, {stop, abandon, exits_0}, nothing, failed},
      {"start after it was abandoned", phase::running, {abandon, start, exits_0}, nothing, starting},
      {"the watchdog ends it", phase::running, {watchdog, crashes}, nothing, waiting},
      {"a stop while the watchdog ends it", phase::running, {watchdog, stop, crashes}, nothing, failed},
      {"a launch that fails after a restart is tried again",
       phase::running,
       {restart, exits_0, release, launch_failed},
       nothing,
       waiting},
      {"one that fails after start is not",
       phase::running,
       {stop, start, exits_0, release, launch_failed},
       nothing,
       failed},
      {"one that fails after a delay is tried again",
       phase::backoff,
       {late_timer, release, launch_failed},
       nothing,
       waiting},
  };
  for (const auto& story : stories) {
    SCOPED_TRACE(story.name);
    auto life = life_in(story.before);
    actions todo;
    for (const auto& step : story.steps) todo = step(life);
    EXPECT_EQ(todo, story.last_todo);
    EXPECT_EQ(life.state(), story.state);
  }
}

TEST(worker_life, how_a_process_left_decides_what_the_policy_does) {
  const struct {
    const char* name;
    restart_mode mode;
    std::vector<step> steps;
    bool success;
    worker_state state;
  } rows[] = {
      {"signal from outside", restart_mode::on_failure, {says_leaving, exits_0}, true, stopped},
      {"the same, always", restart_mode::always, {says_leaving, exits_0}, true, waiting},
      {"signal from outside, and it fails", restart_mode::never, {says_leaving, crashes}, false, failed},
      {"finished", restart_mode::on_failure, {says_finished, exits_0}, true, completed},
      {"finished, then stop() threw", restart_mode::on_failure, {says_finished, crashes}, false, waiting},
      {"finished, but did not leave", restart_mode::never, {says_finished, late_timer, exits_0}, false, failed},
      {"threw", restart_mode::on_failure, {says_failed, crashes}, false, waiting},
      {"threw, and left with 0 all the same", restart_mode::never, {says_failed, exits_0}, false, failed},
      {"crashed, never", restart_mode::never, {crashes}, false, failed},
      {"left with 0, always", restart_mode::always, {exits_0}, true, waiting},
      {"stopped, always", restart_mode::always, {stop, exits_0}, true, stopped},
      {"killed at the deadline of a stop", restart_mode::always, {stop, late_timer, crashes}, false, stopped},
      {"stop() threw", restart_mode::on_failure, {stop, crashes}, false, stopped},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    auto options = usual();
    options.restart.mode = row.mode;
    auto life = life_in(phase::running, options);
    for (const auto& step : row.steps) step(life);
    EXPECT_EQ(life.last_success(), row.success);
    EXPECT_EQ(life.state(), row.state);
  }
}

TEST(worker_life, a_second_stop_brings_the_deadline_forward_and_never_puts_it_off) {
  for (const auto where : {phase::launching, phase::running}) {
    const struct {
      milliseconds second, expected;
    } rows[] = {{10s, 5s}, {5s, 5s}, {3s, 3s}};
    for (const auto& row : rows) {
      auto life = life_in(where);
      life.stop(at(1s), at(5s));
      life.stop(at(2s), at(row.second));
      EXPECT_EQ(life.deadline(), at(row.expected));
      EXPECT_EQ(life.stop_budget(), row.expected - 1s) << "counted from the first one";
      life.launched(at(2s));
      EXPECT_EQ(life.wake_at(), at(row.expected));
    }
  }
}

TEST(worker_life, a_process_that_comes_after_the_deadline_of_its_stop_is_killed_at_once) {
  auto life = life_in(phase::launching);
  life.stop(at(0s), at(1s));
  EXPECT_EQ(life.launched(at(4s)), ask);
  EXPECT_EQ(life.wake_at(), at(1s));
  EXPECT_EQ(life.timer(at(4s)), kill_it);
  EXPECT_TRUE(life.killed());
}

TEST(worker_life, a_worker_that_is_not_ready_in_time_is_stopped_and_that_is_a_failure) {
  auto life = life_in(phase::starting);
  EXPECT_EQ(life.wake_at(), at(5s));
  EXPECT_EQ(life.timer(at(5s) - 1ns), nothing);
  EXPECT_EQ(life.timer(at(5s)), ask);
  EXPECT_EQ(life.cause(), leave_cause::start_timeout);
  EXPECT_EQ(life.wake_at(), at(7s));
  life.exited(at(6s), clean);
  EXPECT_FALSE(life.last_success());
  EXPECT_EQ(life.state(), waiting);
}

TEST(worker_life, what_a_worker_says_gives_it_its_own_stop_timeout) {
  auto life = life_in(phase::running);
  life.leaving(at(10s), leave_cause::failed);
  life.leaving(at(11s), leave_cause::finished);  // too late: it has said why
  EXPECT_EQ(life.cause(), leave_cause::failed);
  EXPECT_EQ(life.wake_at(), at(12s));
  EXPECT_EQ(life.stop_budget(), 2s);
}

TEST(worker_life, the_delay_counts_from_the_death_and_a_late_timer_is_as_good) {
  auto life = life_in(phase::running);
  life.exited(at(1s), crashed);
  EXPECT_EQ(life.wake_at(), at(1500ms));
  EXPECT_EQ(life.timer(at(1499ms)), nothing);
  EXPECT_EQ(life.next_attempt(), at(1500ms));
  life.timer(at(1h));
  EXPECT_EQ(life.current(), phase::held);
  EXPECT_EQ(life.restarts(), restart_counts{.crash = 1});
}

TEST(worker_life, only_the_time_ready_counts_as_healthy) {
  auto life = life_in(phase::starting);
  life.exited(at(0s), crashed);  // 500 ms
  life.timer(at(1s));
  life.release(at(1s));
  life.launched(at(1s));
  life.exited(at(100s), crashed);  // alive for long, but never ready: 1 s
  EXPECT_EQ(life.wake_at(), at(101s));
  life.timer(at(101s));
  life.release(at(101s));
  life.launched(at(101s));
  life.became_ready(at(101s));
  life.exited(at(131s), crashed);  // ready for 30 s: forgiven
  EXPECT_EQ(life.wake_at(), at(131'500ms));
}

TEST(worker_life, at_its_limit_it_has_failed_for_good_until_somebody_starts_it) {
  for (const auto how : {clean, crashed}) {
    auto options = usual();
    options.restart.mode = restart_mode::always;
    options.restart.limit = restart_limit{.count = 1, .window = 60s};
    auto life = life_in(phase::backoff, options);
    life.timer(at(1s));
    life.release(at(1s));
    life.launched(at(1s));
    EXPECT_EQ(life.exited(at(2s), how), nothing);
    EXPECT_EQ(life.state(), failed);
    EXPECT_EQ(life.gave_up(), "1 restarts in 60 s");

    life.restart(at(3s), at(5s));
    EXPECT_EQ(life.gave_up(), "");
    life.release(at(3s));
    life.launched(at(3s));
    life.exited(at(4s), how);
    EXPECT_EQ(life.state(), waiting) << "what was before the command is forgotten";
  }
}

TEST(worker_life, a_first_launch_that_fails_ends_the_life_whatever_the_policy) {
  auto options = usual();
  options.restart.mode = restart_mode::always;
  auto life = life_in(phase::launching, options);
  EXPECT_EQ(life.launch_failed(at(1s), 0), nothing);
  EXPECT_EQ(life.state(), failed);
  EXPECT_EQ(life.wake_at(), std::nullopt);
}

TEST(worker_life, restarts_are_those_of_the_policy_and_of_the_command) {
  auto life = life_in(phase::running);
  life.restart(at(0s), at(2s));
  life.exited(at(1s), clean);
  EXPECT_EQ(life.restarts().total(), 1U);
  life.release(at(1s));
  life.launched(at(1s));
  life.exited(at(2s), crashed);
  life.start(at(2s));  // instead of the delay
  EXPECT_EQ(life.restarts().total(), 2U);
  life.release(at(3s));
  life.launched(at(3s));
  life.stop(at(3s), at(5s));
  life.start(at(4s));
  life.exited(at(5s), clean);
  EXPECT_EQ(life.restarts().total(), 2U) << "a start is none";
  life.release(at(5s));
  EXPECT_EQ(life.generation(), 4U);
}

TEST(worker_life, new_options_forget_the_past_but_for_the_generation) {
  auto life = life_in(phase::backoff);
  life.timer(at(1s));
  life.release(at(1s));
  life.launched(at(1s));
  life.stop(at(1s), at(2s));
  life.exited(at(1s), clean);
  auto options = usual();
  options.restart.delay = 70ms;
  life.reconfigure(std::make_shared<const start_options>(options));
  EXPECT_EQ(life.restarts().total(), 0U);
  life.start(at(2s));
  life.release(at(2s));
  EXPECT_EQ(life.generation(), 3U);
  life.launched(at(2s));
  life.exited(at(2s), crashed);
  EXPECT_EQ(life.wake_at(), at(2070ms));
}

TEST(worker_life, no_limit_is_a_time_too) {
  auto options = usual();
  options.start_timeout = options.stop_timeout = milliseconds::max();
  options.restart.delay = options.restart.max_delay = milliseconds::max();
  auto life = life_in(phase::starting, options);
  EXPECT_GT(life.wake_at(), at(24h * 365));
  life.leaving(at(1s), leave_cause::failed);
  EXPECT_GT(life.wake_at(), at(24h * 365));
  life.exited(at(2s), crashed);
  EXPECT_GT(life.wake_at(), at(24h * 365));
}
