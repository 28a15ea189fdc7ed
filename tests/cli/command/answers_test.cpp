#include "cli/answers.hpp"

#include <gtest/gtest.h>

#include "control/stopped.hpp"

using namespace lineshaft;
using namespace std::chrono_literals;

TEST(answers, of_a_stop_say_who_is_still_there) {
  const exit_record went{.code = 0}, left_somebody{.left_behind = {"12 (sleep)", "13 (sh)"}};
  const struct {
    stop_outcome outcome;
    const char* text;
    bool is_gone;
  } rows[] = {
      {{"a", stop_outcome::not_running, 0ms, {}}, "was not running", true},
      {{"a", stop_outcome::clean, 12ms, went}, "stopped in 12 ms", true},
      {{"a", stop_outcome::killed, 2s, went}, "did not leave in time, killed after 2 s", true},
      {{"a", stop_outcome::killed, 3s, {}}, "was killed, and has not ended after 3 s", false},
      {{"a", stop_outcome::clean, 12ms, left_somebody},
       "stopped in 12 ms; cannot be killed, and lives on: 12 (sleep); cannot be killed, and lives on: 13 (sh)",
       false},
  };
  for (const auto& row : rows) {
    const auto answer = control::to_json(row.outcome);
    EXPECT_EQ(cli::stopped_text(answer), row.text);
    EXPECT_EQ(cli::is_gone(answer), row.is_gone) << row.text;
  }
}
