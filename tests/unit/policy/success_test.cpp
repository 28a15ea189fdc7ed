#include "policy/success.hpp"

#include <gtest/gtest.h>

#include <csignal>

using namespace lineshaft;
using namespace lineshaft::policy;

TEST(success, of_a_program_is_one_of_its_codes_or_the_signal_that_asked_it_to_leave) {
  start_options how;
  how.success_exit_codes = {0, 3};
  how.stop = {{SIGINT, std::chrono::seconds(1)}, {SIGKILL, {}}};
  const struct {
    int code;
    bool known;
    leave_cause cause;
    bool expected;
  } table[] = {
      {0, true, leave_cause::none, true},         {3, true, leave_cause::none, true},
      {3, true, leave_cause::stop, true},         {1, true, leave_cause::none, false},
      {1, true, leave_cause::stop, false},        {0, false, leave_cause::stop, false},
      {-SIGINT, true, leave_cause::stop, true},   {-SIGINT, true, leave_cause::restart, true},
      {-SIGINT, true, leave_cause::none, false},  {-SIGINT, true, leave_cause::itself, false},
      {-SIGTERM, true, leave_cause::stop, false}, {-SIGKILL, true, leave_cause::stop, false},
      {-SIGSEGV, true, leave_cause::stop, false},
  };
  for (const auto& row : table)
    EXPECT_EQ(is_success({row.code, row.known, false, row.cause}, how), row.expected) << row.code;
}

TEST(success, of_a_class_is_what_it_said_before) {
  start_options how;
  how.success_exit_codes = {0, 3};
  EXPECT_TRUE(is_success({0, true, true, leave_cause::stop}, how));
  EXPECT_TRUE(is_success({0, true, true, leave_cause::finished}, how));
  EXPECT_FALSE(is_success({0, true, true, leave_cause::none}, how)) << "something in it called exit(0)";
  EXPECT_FALSE(is_success({3, true, true, leave_cause::stop}, how));
  EXPECT_FALSE(is_success({-SIGTERM, true, true, leave_cause::stop}, how));
  EXPECT_FALSE(is_success({0, false, true, leave_cause::stop}, how));
}
