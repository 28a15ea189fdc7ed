#include "policy/control_group.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace lineshaft;
using namespace lineshaft::policy;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(control_group, its_folder_is_found_by_what_is_mounted_where) {
  const std::string host = "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n";
  const std::string hybrid =
      "31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755\n35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup "
      "rw,memory\n41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n";
  const std::string part = "30 23 0:26 /a/b /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n";
  const std::string old = "35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n";
  const struct {
    std::string mountinfo, cgroup;
    std::optional<std::string> expected;
  } table[] = {
      {host, "0::/system.slice/mill.service\n", "/sys/fs/cgroup/system.slice/mill.service"},
      {host, "0::/\n", "/sys/fs/cgroup"},
      {hybrid, "4:memory:/x\n0::/y\n", "/sys/fs/cgroup/unified/y"},
      {part, "0::/a/b/c\n", "/sys/fs/cgroup/c"},
      {part, "0::/a/b\n", "/sys/fs/cgroup"},
      {part, "0::/elsewhere\n", std::nullopt},
      {host, "0::/../other\n", std::nullopt},
      {old, "0::/\n", std::nullopt},
      {host, "4:memory:/x\n", std::nullopt},
      {"", "", std::nullopt},
      {"30 - cgroup2\n", "0::/\n", std::nullopt},
  };
  for (const auto& row : table) EXPECT_EQ(group_folder(row.mountinfo, row.cgroup), row.expected) << row.mountinfo;
}

TEST(control_group, its_limits_are_written_as_the_kernel_reads_them) {
  EXPECT_THAT(settings_of({}), IsEmpty());
  EXPECT_THAT(settings_of({.memory_max = 4096}),
              ElementsAre(group_setting{"memory.max", "4096"}, group_setting{"memory.oom.group", "1"}));
  EXPECT_THAT(settings_of({.cpu_max = 1.5}), ElementsAre(group_setting{"cpu.max", "150000 100000"}));
  EXPECT_THAT(settings_of({.cpu_max = 0.01}), ElementsAre(group_setting{"cpu.max", "1000 100000"}));
}

TEST(control_group, it_needs_the_controllers_of_its_limits_and_no_other) {
  EXPECT_THAT(controllers_of({}), IsEmpty());
  EXPECT_THAT(controllers_of({.memory_max = 1}), ElementsAre("memory"));
  EXPECT_THAT(controllers_of({.memory_max = 1, .cpu_max = 1}), ElementsAre("memory", "cpu"));
  EXPECT_THAT(missing_in("cpuset cpu io memory pids\n", {"memory", "cpu"}), IsEmpty());
  EXPECT_THAT(missing_in("cpuset io pids\n", {"memory", "cpu"}), ElementsAre("memory", "cpu"));
  EXPECT_THAT(missing_in("\n", {"cpu"}), ElementsAre("cpu"));
}

TEST(control_group, its_events_say_who_lives_and_whether_memory_ran_out) {
  EXPECT_TRUE(is_populated("populated 1\nfrozen 0\n"));
  EXPECT_FALSE(is_populated("populated 0\nfrozen 1\n"));
  EXPECT_FALSE(is_populated(""));
  EXPECT_TRUE(out_of_memory("low 0\nhigh 0\nmax 41\noom 2\noom_kill 1\noom_group_kill 1\n"));
  EXPECT_FALSE(out_of_memory("low 0\nhigh 7\nmax 41\noom 2\noom_kill 0\n")) << "at its limit, and nobody was killed";
  EXPECT_FALSE(out_of_memory(""));
}
