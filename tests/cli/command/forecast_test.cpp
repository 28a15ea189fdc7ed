#include "cli/forecast.hpp"

#include <gtest/gtest.h>

#include "cli/terminal.hpp"

using namespace lineshaft;
using namespace std::chrono_literals;

TEST(forecast, says_when_a_worker_that_dies_at_once_would_be_started_again) {
  const struct {
    restart_policy policy;
    const char* expected;
  } rows[] = {
      {{}, "500 ms, 1 s, 2 s … 30 s"},
      {{.mode = restart_mode::never}, "never"},
      {{.limit = {{2, 60s}}}, "500 ms, 1 s, then failed"},
      {{.limit = {{5, 60s}}}, "500 ms, 1 s, 2 s … 8 s, then failed"},
      {{.delay = 0ms}, "0 ms"},
      {{.delay = 1s, .factor = 1, .limit = {{20, 60s}}}, "1 s, 1 s, 1 s … 1 s, failed after 20"},
      {{.delay = 0ms, .limit = {{20, 60s}}}, "0 ms, 0 ms, 0 ms … 0 ms, failed after 20"},
      {{.delay = 1s, .factor = 1, .limit = {{12, 60s}}}, "1 s, 1 s, 1 s … 1 s, then failed"},
      {{.delay = 100ms, .factor = 1.1}, "100 ms, 110 ms, 121 ms … 30 s"},
      {{.delay = 1s, .max_delay = 1s}, "1 s"},
  };
  for (const auto& row : rows)
    EXPECT_EQ(to_text(cli::retries_of({.name = "a", .how = {.restart = row.policy}})), row.expected);
}

TEST(forecast, a_stop_goes_level_by_level) {
  pipeline_spec pipeline;
  pipeline.workers = {program_of("source", {"x"}, {.stop_timeout = 3s}),
                      program_of("sink", {"x"}, {.stop_timeout = 5s, .after = {{"source"}}}),
                      program_of("other", {"x"}, {.stop_timeout = 2s})};
  const auto plan = cli::stop_plan_of(pipeline);
  EXPECT_EQ(plan.total, 8s);
  for (const auto& one : plan.workers) EXPECT_EQ(one.begins, one.name == "source" ? 5s : 0s) << one.name;
}

TEST(terminal, columns_are_as_wide_as_they_have_to_be) {
  cli::text_table rows({"A", "LONG HEAD"});
  rows.add({"äöü…", {"x", cli::colour::red}});
  rows.add({"b", "y"});
  EXPECT_EQ(rows.text(false), "A     LONG HEAD\näöü…  x\nb     y\n");
  EXPECT_EQ(rows.text(true), "\x1b[1mA\x1b[0m     \x1b[1mLONG HEAD\x1b[0m\näöü…  \x1b[31mx\x1b[0m\nb     y\n");
}

TEST(terminal, spans_for_people) {
  const struct {
    std::chrono::milliseconds span;
    const char* expected;
  } rows[] = {{0ms, "0 ms"},      {999ms, "999 ms"},        {1500ms, "1.5 s"},        {59s, "59 s"},
              {61s, "1 min 1 s"}, {2h + 5min, "2 h 5 min"}, {24h * 3 + 1h, "3 d 1 h"}};
  for (const auto& row : rows) EXPECT_EQ(cli::span_for_people(row.span), row.expected);
}
