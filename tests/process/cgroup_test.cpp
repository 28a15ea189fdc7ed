// A control group for the tree of a worker: nobody leaves it. Skipped where this process may not make one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "children/classes.hpp"
#include "policy/control_group.hpp"
#include "supervisor/control_groups.hpp"
#include "support/eventually.hpp"
#include "support/files.hpp"
#include "support/processes.hpp"
#include "support/program.hpp"

using namespace std::chrono_literals;
using lineshaft::cgroup_options;
using lineshaft::process_manager;
using lineshaft::restart_mode;
using lineshaft::start_method;
using support::eventually;
using ::testing::EndsWith;
using ::testing::HasSubstr;

namespace {

// The last line of proc_pid_cgroup is that of version 2.
std::string group_of(pid_t process) {
  const auto lines = support::lines_of("/proc/" + std::to_string(process) + "/cgroup");
  return lines.empty() ? "" : lines.back();
}

std::string folder_of(const std::string& process) {
  lineshaft::sys::cgroup_tree tree;
  const auto mountinfo = tree.read("/proc/self/mountinfo"), cgroup = tree.read("/proc/" + process + "/cgroup");
  return mountinfo && cgroup ? lineshaft::policy::group_folder(*mountinfo, *cgroup).value_or("") : "";
}
std::string folder_of(pid_t process) { return folder_of(std::to_string(process)); }
std::string own_folder() { return folder_of("self"); }

bool groups_can_be_made() {
  lineshaft::sys::cgroup_tree tree;
  lineshaft::supervisor::control_groups groups(tree);
  const auto made = groups.make("try", 1, {});
  return made && *made != nullptr;
}

std::size_t groups_of_this_process() {
  const auto names = lineshaft::sys::cgroup_tree().folders_in(own_folder());
  return static_cast<std::size_t>(std::ranges::count_if(names, [](const std::string& name) {
    return name.starts_with("lineshaft-" + std::to_string(::getpid()) + "-");
  }));
}

class cgroup : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!groups_can_be_made()) GTEST_SKIP() << "no control group of version 2 can be made in '" << own_folder() << "'";
  }
  pid_t pid_in(const std::string& file) {
    EXPECT_TRUE(eventually([&] { return !support::lines_of(file).empty(); }));
    return static_cast<pid_t>(std::stol(support::lines_of(file).front()));
  }
  // In a session of its own, without its parent, and without an environment: nothing but the group tells whose it is.
  static std::string escapee(const std::string& file) {
    return "( env -i setsid sh -c \"trap '' TERM HUP; echo \\$\\$ >" + file + "; while :; do sleep 1000; done\" & ) ; ";
  }

  support::temporary_folder folder_;
  std::string file_ = folder_ / "pid";
};

const lineshaft::start_options grouped{.cgroup = cgroup_options{}};

}  // namespace

TEST_F(cgroup, c03_who_has_left_group_session_parents_and_environment_is_gone_when_the_stop_returns) {
  process_manager manager(support::host());
  ASSERT_TRUE(manager.start_command("a", {"sh", "-c", escapee(file_) + "exec sleep 1000"}, grouped));
  const auto escaped = pid_in(file_);
  EXPECT_THAT(group_of(escaped), EndsWith("/a.1"));
  manager.stop_process("a", 60s);
  EXPECT_EQ(support::state_of(escaped), 0) << "not even a zombie";
}

TEST_F(cgroup, a_crash_takes_everybody_along_before_the_next_generation) {
  process_manager manager(support::host());
  auto how = grouped;
  how.restart = {.mode = restart_mode::always, .delay = 1ms};
  ASSERT_TRUE(manager.start_command("a", {"sh", "-c", escapee(file_) + "exec sleep 1000"}, how));
  const auto escaped = pid_in(file_);
  ::kill(*manager.get_status("a").pid, SIGKILL);
  ASSERT_TRUE(eventually([&] { return manager.get_status("a").generation == 2; }));
  EXPECT_EQ(support::state_of(escaped), 0);
  ASSERT_TRUE(eventually([&] { return manager.get_status("a").alive; }));
  EXPECT_THAT(group_of(*manager.get_status("a").pid), EndsWith("/a.2"));
}

TEST_F(cgroup, each_way_of_starting_ends_in_a_group_of_its_own) {
  process_manager manager(support::host());
  auto executed = grouped;
  executed.method = start_method::exec;
  const auto cloned = manager.start_worker<children::idle>("cloned", {}, grouped);
  const auto again = manager.start_worker<children::idle>("executed", {}, executed);
  const auto program = manager.start_command("program", {"sleep", "1000"}, grouped);
  const auto without = manager.start_worker<children::idle>("without");
  ASSERT_TRUE(cloned && again && program && without);
  EXPECT_THAT(group_of(*cloned), EndsWith("/cloned.1"));
  EXPECT_THAT(group_of(*again), EndsWith("/executed.1"));
  EXPECT_THAT(group_of(*program), EndsWith("/program.1"));
  EXPECT_EQ(group_of(*without), group_of(::getpid()));
}

TEST_F(cgroup, nothing_is_left_of_the_groups) {
  {
    process_manager manager(support::host());
    ASSERT_TRUE(manager.start_command("a", {"sleep", "1000"}, grouped));
    ASSERT_FALSE(manager.start_command("b", {"/no/such/program"}, grouped));
    EXPECT_EQ(groups_of_this_process(), 1U);
    manager.stop_process("a", 60s);
  }
  EXPECT_EQ(groups_of_this_process(), 0U);
}

TEST_F(cgroup, who_has_left_everything_but_the_group_dies_with_a_killed_manager) {
  const auto command = "echo $$; exec " + std::string(MANAGER_PROGRAM) + " " + (folder_ / "") + " escapes";
  FILE* const output = ::popen(command.c_str(), "r");
  char line[256] = "";
  ASSERT_NE(std::fgets(line, sizeof line, output), nullptr);
  const auto other = static_cast<pid_t>(std::strtol(line, nullptr, 10));
  const auto escaped = pid_in(folder_ / "escaped");
  ::kill(other, SIGKILL);
  EXPECT_TRUE(eventually([&] { return support::is_gone(escaped); }));
  ::pclose(output);
  // What a killed manager leaves is empty, and the next one removes it.
  const auto left = "lineshaft-" + std::to_string(other) + "-";
  process_manager manager(support::host());
  ASSERT_TRUE(manager.start_command("a", {"sleep", "1000"}, grouped));
  EXPECT_THAT(lineshaft::sys::cgroup_tree().folders_in(own_folder()),
              ::testing::Not(::testing::Contains(HasSubstr(left))));
}

TEST_F(cgroup, a_limit_without_its_controller_is_a_failed_start_that_says_so) {
  const auto controllers = lineshaft::sys::cgroup_tree().read(own_folder() + "/cgroup.controllers").value_or("");
  if (lineshaft::policy::missing_in(controllers, {"memory"}).empty())
    GTEST_SKIP() << "there is a controller for memory";
  process_manager manager(support::host());
  const auto refused = manager.start_command("a", {"sleep", "1000"}, {.cgroup = {{.memory_max = 1 << 24}}});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message(),
              HasSubstr("cannot keep the limits of its control group: there is no controller "
                        "'memory' in '" +
                        own_folder() + "', in which the manager runs"));
  EXPECT_FALSE(manager.get_status("a").alive);
}

TEST_F(cgroup, c29_who_uses_more_memory_than_its_group_has_is_killed_and_its_record_says_so) {
  const auto controllers = lineshaft::sys::cgroup_tree().read(own_folder() + "/cgroup.controllers").value_or("");
  if (!lineshaft::policy::missing_in(controllers, {"memory"}).empty())
    GTEST_SKIP() << "there is no controller for memory";
  process_manager manager(support::host());
  const auto started =
      manager.start_command("a", {"dd", "if=/dev/zero", "of=/dev/null", "bs=100M", "count=1"},
                            {.restart = {.mode = restart_mode::never}, .cgroup = {{.memory_max = 1 << 24}}});
  // Where others are in the manager's group, or it is not delegated, no limit can be kept.
  if (!started) GTEST_SKIP() << started.error().message();
  ASSERT_TRUE(eventually([&] { return !manager.exit_records("a").empty(); }));
  const auto record = manager.exit_records("a").front();
  EXPECT_TRUE(record.out_of_memory);
  EXPECT_EQ(record.reason, "killed: out of memory");
}

TEST_F(cgroup, who_wants_more_processors_than_its_group_has_is_held_back) {
  lineshaft::sys::cgroup_tree tree;
  const auto controllers = tree.read(own_folder() + "/cgroup.controllers").value_or("");
  if (!lineshaft::policy::missing_in(controllers, {"cpu"}).empty()) GTEST_SKIP() << "there is no controller for cpu";
  process_manager manager(support::host());
  const auto started = manager.start_command("a", {"sh", "-c", "while :; do :; done"}, {.cgroup = {{.cpu_max = 0.05}}});
  if (!started) GTEST_SKIP() << started.error().message();
  const auto folder = folder_of(*started);
  EXPECT_EQ(tree.read(folder + "/cpu.max"), "5000 100000\n");
  EXPECT_TRUE(eventually([&] {
    const auto statistics = tree.read(folder + "/cpu.stat").value_or("");
    return statistics.contains("nr_throttled ") && !statistics.contains("nr_throttled 0\n");
  }));
}
