#include "supervisor/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "sys/fault.hpp"
#include "sys/users.hpp"

using namespace lineshaft;
using namespace lineshaft::supervisor;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

namespace {

std::string refusal(const start_options& how) {
  std::vector<std::string> environment;
  const auto settings = resolve_settings(how, environment);
  return settings ? "" : settings.error().message();
}

}  // namespace

TEST(settings, of_nothing_are_nothing) {
  std::vector<std::string> environment{"A=1"};
  const auto settings = resolve_settings({}, environment);
  ASSERT_TRUE(settings);
  EXPECT_TRUE(sys::settings_plan(*settings).empty());
  EXPECT_EQ(environment, std::vector<std::string>{"A=1"});
}

TEST(settings, a_user_or_directory_that_is_not_there_is_said_before_there_is_a_process) {
  EXPECT_EQ(refusal({.user = "no_such_user"}), "cannot change to user 'no_such_user': there is no user 'no_such_user'");
  EXPECT_EQ(refusal({.user = "root:no_such_group"}),
            "cannot change to user 'root:no_such_group': there is no group 'no_such_group'");
  EXPECT_THAT(refusal({.user = "3999999999"}), HasSubstr("its group has to be named: USER:GROUP"));
  EXPECT_THAT(refusal({.user = ":"}), HasSubstr("expected USER or USER:GROUP"));
  EXPECT_EQ(refusal({.working_directory = "/no/such"}), "cannot use directory '/no/such': No such file or directory");
  EXPECT_EQ(refusal({.working_directory = "/dev/null"}), "cannot use directory '/dev/null': Not a directory");
  EXPECT_THAT(refusal({.cpu_affinity = {100'000}}), HasSubstr("the processors of this machine are 0 to "));
}

TEST(settings, a_user_service_that_does_not_answer_is_no_unknown_user) {
  sys::inject("getpwnam", std::make_error_code(std::errc::io_error));
  EXPECT_EQ(refusal({.user = "root"}), "cannot change to user 'root': cannot look up user 'root': Input/output error");
  sys::clear_injected();
}

TEST(settings, a_relative_directory_is_one_of_the_managers) {
  std::vector<std::string> environment;
  const auto settings = resolve_settings({.working_directory = "."}, environment);
  ASSERT_TRUE(settings);
  EXPECT_TRUE(std::filesystem::equivalent(settings->working_directory, std::filesystem::current_path()));
  EXPECT_TRUE(std::filesystem::path(settings->working_directory).is_absolute());
}

TEST(settings, the_user_that_the_manager_is_already_needs_no_privilege) {
  std::vector<std::string> environment{"USER=someone", "HOME=/elsewhere"};
  const auto own = sys::find_user(::geteuid());
  ASSERT_TRUE(own && *own) << "this user has no entry";
  // With any supplementary groups that it has, by its number alone, it may be another one than it is.
  if (::getgroups(0, nullptr) > 1) GTEST_SKIP() << "this process has groups of its own";
  const auto settings = resolve_settings({.user = (*own)->name}, environment);
  ASSERT_TRUE(settings) << settings.error().message();
  EXPECT_TRUE(sys::settings_plan(*settings).empty());
  EXPECT_THAT(environment, Contains("USER=" + (*own)->name));
  EXPECT_THAT(environment, Contains("HOME=" + (*own)->home));
  EXPECT_THAT(environment, Not(Contains("USER=someone")));
}

TEST(settings, another_user_takes_root) {
  std::vector<std::string> environment;
  const auto settings = resolve_settings({.user = "nobody:daemon"}, environment);
  if (::geteuid() != 0) {
    ASSERT_FALSE(settings);
    EXPECT_THAT(settings.error().message(), HasSubstr("the manager has no CAP_SETUID"));
    return;
  }
  ASSERT_TRUE(settings) << settings.error().message();
  const auto nobody = sys::find_user("nobody");
  const auto daemon = sys::find_group("daemon");
  ASSERT_TRUE(nobody && *nobody && daemon && *daemon);
  ASSERT_TRUE(settings->user);
  EXPECT_EQ(settings->user->uid, (*nobody)->uid);
  EXPECT_EQ(settings->user->gid, **daemon);
  EXPECT_THAT(settings->user->groups, Contains(**daemon));
  EXPECT_THAT(environment, Contains("USER=nobody"));
}

TEST(settings, a_number_without_an_entry_has_the_one_group_that_is_named) {
  if (::geteuid() != 0) GTEST_SKIP() << "another user takes root";
  std::vector<std::string> environment{"HOME=/root"};
  const auto settings = resolve_settings({.user = "3999999999:3999999998"}, environment);
  ASSERT_TRUE(settings) << settings.error().message();
  EXPECT_EQ(settings->user->uid, 3999999999U);
  EXPECT_EQ(settings->user->groups, std::vector<gid_t>{3999999998U});
  EXPECT_EQ(environment, std::vector<std::string>{"HOME=/root"});
}

TEST(settings, a_cleared_environment_keeps_nothing) {
  std::vector<std::string> environment{"A=1", "PATH=/bin"};
  ASSERT_TRUE(resolve_settings({.clear_env = true}, environment));
  EXPECT_TRUE(environment.empty());
}
