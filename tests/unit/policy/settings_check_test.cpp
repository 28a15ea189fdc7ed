#include "policy/settings_check.hpp"

#include <gtest/gtest.h>

using namespace lineshaft;
using namespace lineshaft::policy;

namespace {

// Empty: allowed.
std::string said(const result<>& outcome) { return outcome ? "" : outcome.error().message(); }

}  // namespace

TEST(settings_check, a_limit_fits_below_the_managers_hard_one_or_with_the_privilege_to_raise_it) {
  const struct {
    resource_limit wanted;
    std::uint64_t own_hard;
    bool privileged;
    std::string expected;
  } table[] = {
      {10000, 10000, false, ""},
      {{1024, 4096}, 4096, false, ""},
      {unlimited, unlimited, false, ""},
      {0, 0, false, ""},
      {10000, 4096, true, ""},
      {10000, 4096, false,
       "cannot set RLIMIT_NOFILE to 10000: the manager's own hard limit is 4096, and it has no CAP_SYS_RESOURCE: "
       "Operation not permitted"},
      {{10, unlimited},
       4096,
       false,
       "cannot set RLIMIT_NOFILE to 10:unlimited: the manager's own hard limit is 4096, and it has no "
       "CAP_SYS_RESOURCE: Operation not permitted"},
      {{20, 10},
       4096,
       true,
       "cannot set RLIMIT_NOFILE to 20:10: the soft limit is above the hard one: Invalid argument"},
  };
  for (const auto& row : table)
    EXPECT_EQ(said(check_limit({"RLIMIT_NOFILE", row.wanted, row.own_hard}, {.may_raise_limits = row.privileged})),
              row.expected);
}

TEST(settings_check, numbers_out_of_range_are_refused_and_say_the_range) {
  const manager_rights two_cpus{.may_raise_limits = false, .lowest_nice = 0, .cpus = 2};
  const manager_rights root{.may_raise_limits = true, .lowest_nice = -20, .cpus = 4096};
  const struct {
    start_options how;
    manager_rights rights;
    std::string expected;
  } table[] = {
      {{}, two_cpus, ""},
      {{.nice = 19}, two_cpus, ""},
      {{.cgroup = cgroup_options{}}, two_cpus, ""},
      {{.cgroup = {{.cpu_max = 1.5}}}, two_cpus, ""},
      {{.cgroup = {{.cpu_max = 0.001}}},
       two_cpus,
       "cannot set cpu_max to 0.001: it goes from 0.01 to 1024: Invalid argument"},
      {{.cgroup = {{.cpu_max = -1}}},
       two_cpus,
       "cannot set cpu_max to -1: it goes from 0.01 to 1024: Invalid argument"},
      {{.nice = 0}, two_cpus, ""},
      {{.nice = -20}, root, ""},
      {{.nice = -1},
       two_cpus,
       "cannot set the nice value to -1: 0 is the lowest without CAP_SYS_NICE: Permission denied"},
      {{.nice = 20}, root, "cannot set the nice value to 20: it goes from -20 to 19: Invalid argument"},
      {{.nice = -21}, root, "cannot set the nice value to -21: it goes from -20 to 19: Invalid argument"},
      {{.cpu_affinity = {0, 1}}, two_cpus, ""},
      {{.cpu_affinity = {1, 2}},
       two_cpus,
       "cannot set the CPU affinity to 1,2: the processors of this machine are 0 to 1: Invalid argument"},
      {{.cpu_affinity = {1023}}, root, ""},
      {{.cpu_affinity = {1024}},
       root,
       "cannot set the CPU affinity to 1024: the processors of this machine are 0 to 1023: Invalid argument"},
      {{.oom_score_adj = 1000}, two_cpus, ""},
      {{.oom_score_adj = -1000}, two_cpus, ""},
      {{.oom_score_adj = 1001}, root, "cannot set oom_score_adj to 1001: it goes from -1000 to 1000: Invalid argument"},
      {{.oom_score_adj = -1001},
       root,
       "cannot set oom_score_adj to -1001: it goes from -1000 to 1000: Invalid argument"},
      {{.umask = 0777}, two_cpus, ""},
      {{.umask = 01000}, root, "cannot set the umask to 1000: it goes to 0777: Invalid argument"},
  };
  for (const auto& row : table) EXPECT_EQ(said(check_settings(row.how, {}, row.rights)), row.expected);
}

TEST(settings_check, the_first_limit_that_does_not_fit_is_told) {
  const limit_wish wishes[] = {{"RLIMIT_AS", 1, unlimited}, {"RLIMIT_CORE", {2, 1}, unlimited}};
  EXPECT_EQ(said(check_settings({}, wishes, {})),
            "cannot set RLIMIT_CORE to 2:1: the soft limit is above the hard one: Invalid argument");
}

TEST(settings_check, the_lowest_nice_value_is_ones_own_or_what_the_hard_limit_allows) {
  EXPECT_EQ(lowest_nice(true, 10, 0), -20);
  EXPECT_EQ(lowest_nice(false, 10, 0), 10);
  EXPECT_EQ(lowest_nice(false, 0, 0), 0);
  EXPECT_EQ(lowest_nice(false, 0, 25), -5);
  EXPECT_EQ(lowest_nice(false, 10, 15), 5);
  EXPECT_EQ(lowest_nice(false, 0, 40), -20);
  EXPECT_EQ(lowest_nice(false, 0, unlimited), -20);
}
