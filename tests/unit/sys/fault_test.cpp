// The seam of the tests themselves: a fault that is asked for comes where it was asked for, and nowhere else.
#include "sys/fault.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include <vector>

#include "sys/socket.hpp"

using namespace lineshaft;
using std::errc;

namespace {

class fault : public testing::Test {
 protected:
  ~fault() override { sys::clear_injected(); }
};

/// What `calls` calls in a row get.
std::vector<int> asked(std::string_view call, int calls) {
  std::vector<int> codes;
  for (int n = 0; n < calls; ++n) codes.push_back(sys::injected(call).value());
  return codes;
}

}  // namespace

TEST_F(fault, comes_after_the_skipped_calls_as_often_as_asked_for) {
  const struct {
    std::uint32_t skip, times;
    std::vector<int> expected;
  } table[] = {
      {0, 1, {EMFILE, 0, 0, 0, 0}},      {2, 1, {0, 0, EMFILE, 0, 0}}, {0, 3, {EMFILE, EMFILE, EMFILE, 0, 0}},
      {1, 2, {0, EMFILE, EMFILE, 0, 0}}, {9, 1, {0, 0, 0, 0, 0}},      {0, 0, {0, 0, 0, 0, 0}},
  };
  for (const auto& row : table) {
    sys::inject("call", std::make_error_code(errc::too_many_files_open), row.skip, row.times);
    EXPECT_EQ(asked("call", 5), row.expected) << row.skip << ' ' << row.times;
    sys::clear_injected();
  }
}

TEST_F(fault, hits_the_call_that_was_named_alone) {
  sys::inject("call", std::make_error_code(errc::too_many_files_open));
  EXPECT_FALSE(sys::injected("cal"));
  EXPECT_FALSE(sys::injected("calls"));
  EXPECT_FALSE(sys::injected(""));
  EXPECT_EQ(sys::injected("call"), errc::too_many_files_open);
}

TEST_F(fault, several_for_one_call_come_one_after_the_other) {
  sys::inject("call", std::make_error_code(errc::too_many_files_open));
  sys::inject("call", std::make_error_code(errc::not_enough_memory));
  EXPECT_EQ(asked("call", 3), (std::vector<int>{EMFILE, ENOMEM, 0}));
}

TEST_F(fault, cleared_is_gone) {
  sys::inject("call", std::make_error_code(errc::too_many_files_open), 0, 10);
  sys::clear_injected();
  EXPECT_FALSE(sys::injected("call"));
}

TEST_F(fault, text_arms_what_it_names_and_nothing_else) {
  const struct {
    const char* text;
    std::vector<int> expected;  ///< of three calls of "call"
  } table[] = {
      {"call=EMFILE", {EMFILE, 0, 0}},
      {"call=EAGAIN;call=ENOMEM", {EAGAIN, ENOMEM, 0}},
      {"other=EMFILE;call=ENFILE", {ENFILE, 0, 0}},
      {"call=EMFILE;", {EMFILE, 0, 0}},
      {";;call=EMFILE;;", {EMFILE, 0, 0}},
      {"", {0, 0, 0}},
      {"call", {0, 0, 0}},
      {"call=", {0, 0, 0}},
      {"call=ENOSUCH", {0, 0, 0}},
      {"call=emfile", {0, 0, 0}},
      {"=EMFILE", {0, 0, 0}},
      {"nonsense;call=EMFILE", {EMFILE, 0, 0}},
  };
  for (const auto& row : table) {
    sys::arm_faults(row.text);
    EXPECT_EQ(asked("call", 3), row.expected) << row.text;
    sys::clear_injected();
  }
}

TEST_F(fault, a_signal_is_sent_to_the_process_at_that_step) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  EXPECT_EXIT(
      {
        sys::arm_faults("step=SIGKILL");
        sys::reached("another step");
        std::fputs("still here\n", stderr);
        sys::reached("step");
      },
      testing::KilledBySignal(SIGKILL), "still here");
}

TEST_F(fault, each_wrapper_fails_without_doing_anything) {
  sys::inject("socketpair", std::make_error_code(errc::too_many_files_open_in_system));
  const auto pair = sys::socketpair();
  ASSERT_FALSE(pair);
  EXPECT_EQ(pair.error().message(), "cannot make a socket pair: Too many open files in system");
  EXPECT_TRUE(sys::socketpair()) << "once";
}
