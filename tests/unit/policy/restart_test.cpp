// Whether and when a worker is started again, as tables.
#include "policy/restart.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <ostream>

using namespace lineshaft;
using namespace lineshaft::policy;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace lineshaft::policy {
void PrintTo(const verdict& one, std::ostream* out) {
  if (const auto* again = std::get_if<restart_after>(&one))
    *out << "restart after " << again->delay;
  else if (const auto* over = std::get_if<give_up>(&one))
    *out << "give up: " << over->reason;
  else
    *out << "stay down";
}
}  // namespace lineshaft::policy

namespace {

time_point at(milliseconds since) { return time_point(1h) + since; }

constexpr death crashed{.success = false};
constexpr death succeeded{.success = true};

restart_policy exact(restart_mode mode = restart_mode::on_failure) {
  return {.mode = mode, .delay = 100ms, .max_delay = 1s, .factor = 2, .jitter = 0};
}

}  // namespace

TEST(restart, the_mode_says_after_which_deaths_a_worker_is_started_again) {
  const struct {
    restart_mode mode;
    death how;
    verdict expected;
  } table[] = {
      {restart_mode::never, crashed, stay_down{}},
      {restart_mode::never, succeeded, stay_down{}},
      {restart_mode::on_failure, crashed, restart_after{100ms}},
      {restart_mode::on_failure, succeeded, stay_down{}},
      {restart_mode::always, crashed, restart_after{100ms}},
      {restart_mode::always, succeeded, restart_after{100ms}},
  };
  for (const auto& row : table) {
    restart_history history;
    EXPECT_EQ(judge(exact(row.mode), history, row.how, at(0s)), row.expected) << static_cast<int>(row.mode);
  }
}

TEST(restart, the_delay_grows_by_the_factor_up_to_the_greatest_one) {
  restart_history history;
  for (const auto expected : {100ms, 200ms, 400ms, 800ms, 1000ms, 1000ms})
    EXPECT_EQ(judge(exact(), history, crashed, at(0s)), verdict{restart_after{expected}});
}

TEST(restart, no_policy_makes_the_delay_overflow) {
  constexpr auto many = std::numeric_limits<std::uint32_t>::max();
  const struct {
    milliseconds delay, max_delay;
    double factor;
    std::uint32_t in_a_row;
    milliseconds expected;
  } table[] = {
      {100ms, 1s, 2, 0, 100ms},   {100ms, 1s, 2, many, 1s},
      {0ms, 1s, 2, many, 0ms},  // nothing times infinity
      {-5ms, 1s, 2, 0, 0ms},      {100ms, 1s, 1, many, 100ms},
      {100ms, 1s, 0.1, 3, 100ms},  // a delay never shrinks
      {2s, 1s, 2, 0, 1s},         {100ms, milliseconds::max(), 2, many, longest_span},
  };
  for (const auto& row : table) {
    const restart_policy policy{.delay = row.delay, .max_delay = row.max_delay, .factor = row.factor};
    EXPECT_EQ(backoff(policy, row.in_a_row), row.expected)
        << row.delay << " up to " << row.max_delay << " × " << row.factor << ", " << row.in_a_row << " in a row";
  }
}

TEST(restart, jitter_spreads_the_delay_by_its_share_to_both_sides) {
  const struct {
    double jitter, chance;
    milliseconds expected;
  } table[] = {
      {0, 1, 1000ms},     {0.1, -1, 900ms}, {0.1, 0, 1000ms}, {0.1, 1, 1100ms},
      {0.1, 0.5, 1050ms}, {1, -1, 0ms},     {3, -1, 0ms},  // never before the death
  };
  for (const auto& row : table) {
    restart_history history;
    const restart_policy policy{.delay = 1s, .max_delay = 1s, .jitter = row.jitter};
    EXPECT_EQ(judge(policy, history, {.chance = row.chance}, at(0s)), verdict{restart_after{row.expected}})
        << row.jitter << " at " << row.chance;
  }
}

TEST(restart, a_worker_that_was_healthy_for_long_enough_is_forgiven) {
  auto policy = exact();
  policy.forgive_after = 30s;
  const struct {
    milliseconds healthy_for, expected;
  } table[] = {{0ms, 100ms}, {0ms, 200ms}, {29'999ms, 400ms}, {30s, 100ms}, {0ms, 200ms}};
  restart_history history;
  for (const auto& row : table) {
    const death how{.healthy_for = row.healthy_for};
    EXPECT_EQ(judge(policy, history, how, at(0s)), verdict{restart_after{row.expected}}) << row.healthy_for;
  }
}

TEST(restart, beyond_the_limit_within_the_window_it_is_given_up) {
  auto policy = exact();
  policy.factor = 1;
  policy.limit = restart_limit{.count = 2, .window = 60s};
  const verdict again = restart_after{100ms}, over = give_up{"2 restarts in 60 s"};
  const struct {
    milliseconds when;
    verdict expected;
  } table[] = {
      {0s, again},  {1s, again},   {2s, over},    {59'999ms, over}, {60s, again},  // the restart of 0 s is outside now
      {60s, over},                                                                 // those of 1 s and 60 s are inside
      {61s, again}, {300s, again}, {300s, again}, {300s, over},
  };
  restart_history history;
  for (const auto& row : table) EXPECT_EQ(judge(policy, history, crashed, at(row.when)), row.expected) << row.when;
}

TEST(restart, limits_at_their_edges) {
  const struct {
    restart_limit limit;
    int restarts;
    std::string reason;
  } table[] = {
      {{.count = 0, .window = 60s}, 0, "0 restarts in 60 s"},
      {{.count = 1, .window = 500ms}, 1, "1 restarts in 0.5 s"},
      {{.count = 3, .window = milliseconds::max()}, 3, "3 restarts in 9223372036854776 s"},
  };
  for (const auto& row : table) {
    auto policy = exact();
    policy.limit = row.limit;
    restart_history history;
    for (int n = 0; n < row.restarts; ++n)
      EXPECT_TRUE(std::holds_alternative<restart_after>(judge(policy, history, crashed, at(0s))));
    EXPECT_EQ(judge(policy, history, crashed, at(1ms)), verdict{give_up{row.reason}});
  }
}

TEST(restart, success_that_ends_a_worker_counts_against_no_limit) {
  auto policy = exact();
  policy.limit = restart_limit{.count = 1, .window = 60s};
  restart_history history;
  for (int n = 0; n < 5; ++n) EXPECT_EQ(judge(policy, history, succeeded, at(0s)), verdict{stay_down{}});
  EXPECT_EQ(judge(policy, history, crashed, at(0s)), verdict{restart_after{100ms}});
}
