// Limits and identity of real processes, in each way that a process is made.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <thread>

#include "children/classes.hpp"
#include "support/eventually.hpp"
#include "support/files.hpp"
#include "support/processes.hpp"
#include "support/program.hpp"

using namespace std::chrono_literals;
using lineshaft::process_manager;
using lineshaft::start_method;
using lineshaft::start_options;
using support::eventually;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;

namespace {

enum class kind { clone, exec, program };

lineshaft::result<pid_t> start(process_manager& manager, kind how_made, start_options how) {
  if (how_made == kind::program) return manager.start_command("a", {"/bin/sleep", "1000"}, std::move(how));
  how.method = how_made == kind::exec ? start_method::exec : start_method::fork_server;
  return manager.start_worker("runs", "a", {}, std::move(how));
}

class settings_of : public ::testing::TestWithParam<kind> {
 protected:
  lineshaft::result<pid_t> start(start_options how) { return ::start(manager_, GetParam(), std::move(how)); }
  support::temporary_folder folder_;
  process_manager manager_{support::host()};
};

std::string file_of(pid_t pid, const std::string& name) { return "/proc/" + std::to_string(pid) + "/" + name; }

std::string first_line(const std::string& file) {
  const auto lines = support::lines_of(file);
  return lines.empty() ? "" : lines.front();
}

/// A line of /proc/PID/status, with one space for any white space: "4444 5555".
std::string status_of(pid_t pid, const std::string& field) {
  for (const auto& line : support::lines_of(file_of(pid, "status"))) {
    if (!line.starts_with(field + ":")) continue;
    std::istringstream from(line.substr(field.size() + 1));
    std::string all, word;
    while (from >> word) all += (all.empty() ? "" : " ") + word;
    return all;
  }
  return "(none)";
}

/// "soft hard" of a line of /proc/PID/limits.
std::string limit_of(pid_t pid, const std::string& name) {
  for (const auto& line : support::lines_of(file_of(pid, "limits"))) {
    if (!line.starts_with(name)) continue;
    std::istringstream from(line.substr(name.size()));
    std::string soft, hard;
    from >> soft >> hard;
    return soft + " " + hard;
  }
  return "(none)";
}

int nice_of(pid_t pid) { return ::getpriority(PRIO_PROCESS, static_cast<id_t>(pid)); }

}  // namespace

INSTANTIATE_TEST_SUITE_P(kinds, settings_of, ::testing::Values(kind::clone, kind::exec, kind::program),
                         [](const auto& made) {
                           if (made.param == kind::program) return "program";
                           return made.param == kind::exec ? "exec" : "clone";
                         });

TEST_P(settings_of, a_process_hold_in_it_from_the_start) {
  const int cpu = ::sched_getcpu();
  const std::string folder = folder_ / "";
  start_options how;
  how.limits = {.as = 1ULL << 47, .core = 0, .nofile = {{100, 200}}, .sigpending = 50};
  how.nice = 5;
  how.cpu_affinity = {static_cast<unsigned>(cpu)};
  how.oom_score_adj = 500;
  how.umask = 0027;
  how.no_new_privs = true;
  how.working_directory = folder;
  const auto pid = start(how);
  ASSERT_TRUE(pid) << pid.error().message();
  EXPECT_EQ(limit_of(*pid, "Max address space"), "140737488355328 140737488355328");
  EXPECT_EQ(limit_of(*pid, "Max core file size"), "0 0");
  EXPECT_EQ(limit_of(*pid, "Max open files"), "100 200");
  EXPECT_EQ(limit_of(*pid, "Max pending signals"), "50 50");
  EXPECT_EQ(nice_of(*pid), 5);
  EXPECT_EQ(status_of(*pid, "Cpus_allowed_list"), std::to_string(cpu));
  EXPECT_EQ(first_line(file_of(*pid, "oom_score_adj")), "500");
  EXPECT_EQ(status_of(*pid, "Umask"), "0027");
  EXPECT_EQ(status_of(*pid, "NoNewPrivs"), "1");
  EXPECT_EQ(std::filesystem::read_symlink(file_of(*pid, "cwd")).string() + "/", folder);
  ASSERT_TRUE(manager_.wait_ready("a", 60s));
}

TEST_P(settings_of, a_process_are_not_the_fork_servers_nor_the_next_ones) {
  const auto before = nice_of(0);
  ASSERT_TRUE(start({.limits = {.nofile = 100}, .nice = 7, .oom_score_adj = 500, .umask = 0777}));
  const auto fork_server = support::fork_server_of("self");
  EXPECT_EQ(nice_of(fork_server), before);
  EXPECT_EQ(first_line(file_of(fork_server, "oom_score_adj")), first_line("/proc/self/oom_score_adj"));
  EXPECT_NE(status_of(fork_server, "Umask"), "0777");
  const auto next = manager_.start_worker("runs", "next");
  ASSERT_TRUE(next);
  EXPECT_EQ(nice_of(*next), before);
  EXPECT_NE(limit_of(*next, "Max open files"), "100 100");
}

TEST_P(settings_of, a_process_are_those_of_every_generation) {
  const auto pid = start({.restart = {.mode = lineshaft::restart_mode::always, .delay = 1ms}, .nice = 3});
  ASSERT_TRUE(pid);
  ASSERT_TRUE(manager_.wait_ready("a", 60s));
  ::kill(*pid, SIGKILL);
  ASSERT_TRUE(eventually([&] { return manager_.get_status("a").generation == 2 && manager_.get_status("a").ready; }));
  EXPECT_EQ(nice_of(*manager_.get_status("a").pid), 3);
}

TEST_P(settings_of, a_process_can_make_it_another_user_without_any_privilege) {
  if (::geteuid() != 0) GTEST_SKIP() << "another user takes root";
  const auto pid = start({.user = "4001:4002"});
  ASSERT_TRUE(pid) << pid.error().message();
  EXPECT_EQ(status_of(*pid, "Uid"), "4001 4001 4001 4001");
  EXPECT_EQ(status_of(*pid, "Gid"), "4002 4002 4002 4002");
  EXPECT_EQ(status_of(*pid, "Groups"), "4002");
  for (const char* set : {"CapInh", "CapPrm", "CapEff", "CapAmb"}) EXPECT_EQ(status_of(*pid, set), "0000000000000000");
  // What is not dumpable belongs to root here, could leave no core, and could not look at itself.
  struct stat owner{};
  ASSERT_EQ(::stat(file_of(*pid, "maps").c_str(), &owner), 0);
  EXPECT_EQ(owner.st_uid, 4001U);
  ASSERT_EQ(::stat(file_of(support::fork_server_of("self"), "maps").c_str(), &owner), 0);
  EXPECT_EQ(owner.st_uid, 0U) << "and the fork server is as it was";
  ASSERT_TRUE(manager_.wait_ready("a", 60s));
  EXPECT_EQ(manager_.stop_process("a", 60s).how, lineshaft::stop_outcome::clean);
}

// In a mount namespace of this test's own, /etc/group is another file.
TEST_P(settings_of, a_process_give_it_all_groups_of_its_user) {
  if (::geteuid() != 0) GTEST_SKIP() << "another user takes root";
  const auto groups =
      folder_.write("group", "first:x:4444:nobody\nother:x:5000:someone\nsecond:x:5555:nobody,someone\n");
  lineshaft::result<pid_t> pid = lineshaft::fail("this machine allows no mount namespace");
  bool possible = false;
  std::jthread([&] {
    possible = ::unshare(CLONE_NEWNS) == 0 && ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
               ::mount(groups.c_str(), "/etc/group", nullptr, MS_BIND, nullptr) == 0;
    if (possible) pid = start({.user = "nobody:first"});
  }).join();
  if (!possible) GTEST_SKIP() << pid.error().message();
  ASSERT_TRUE(pid) << pid.error().message();
  EXPECT_EQ(status_of(*pid, "Groups"), "4444 5555");
  EXPECT_EQ(status_of(*pid, "Gid"), "4444 4444 4444 4444");
}

TEST_P(settings_of, a_process_that_the_kernel_refuses_fail_the_start_and_name_the_step) {
  if (::geteuid() != 0) GTEST_SKIP() << "all of these take root, who is refused later than others";
  const support::temporary_folder closed;
  ::chmod((closed / "").c_str(), 0700);
  const auto said = [&](start_options how) {
    const auto started = start(std::move(how));
    EXPECT_TRUE(manager_.get_all_status().empty());
    EXPECT_TRUE(eventually([&] { return support::children() == 1; })) << "only the fork server is left";
    return started ? "started" : started.error().message();
  };
  // Above fs.nr_open, which no privilege reaches.
  EXPECT_THAT(said({.limits = {.nofile = lineshaft::unlimited}}),
              MatchesRegex("cannot start 'a': cannot set RLIMIT_NOFILE to unlimited: .*Operation not permitted"));
  const std::string folder = closed / "";
  EXPECT_EQ(said({.working_directory = folder, .user = "4001:4002"}),
            "cannot start 'a': cannot change to directory '" + folder + "': Permission denied");
}

TEST_P(settings_of, a_process_that_are_checked_before_make_none) {
  const auto said = [&](start_options how) { return start(std::move(how)).error().message(); };
  EXPECT_EQ(said({.limits = {.core = {{2, 1}}}}),
            "cannot start 'a': cannot set RLIMIT_CORE to 2:1: the soft limit is above the hard one: Invalid argument");
  EXPECT_THAT(said({.user = "no_such_user"}), HasSubstr("cannot start 'a': cannot change to user 'no_such_user'"));
  EXPECT_THAT(said({.working_directory = "/no/such"}), HasSubstr("cannot use directory '/no/such'"));
  EXPECT_THAT(said({.nice = 20}), HasSubstr("it goes from -20 to 19"));
  EXPECT_TRUE(manager_.get_all_status().empty());
}

namespace {

struct injected_failure {
  const char* call;
  start_options how;
  const char* expected;
};

std::vector<injected_failure> injected_failures() {
  const std::string user = "4001:4002";
  return {
      {"oom_score_adj", {.oom_score_adj = 1}, "cannot set oom_score_adj to 1"},
      {"setrlimit", {.limits = {.core = 0}}, "cannot set RLIMIT_CORE to 0"},
      {"setpriority", {.nice = 1}, "cannot set the nice value to 1"},
      {"sched_setaffinity", {.cpu_affinity = {0}}, "cannot set the CPU affinity to 0"},
      {"setgroups", {.user = user}, "cannot change to user '4001:4002': cannot set its supplementary groups"},
      {"setresgid", {.user = user}, "cannot change to user '4001:4002': cannot change to its group"},
      {"setresuid", {.user = user}, "cannot change to user '4001:4002'"},
      {"capset", {.user = user}, "cannot change to user '4001:4002': cannot give up capabilities"},
      {"umask", {.umask = 022}, "cannot set the umask to 0022"},
      {"chdir", {.working_directory = "/"}, "cannot change to directory '/'"},
      {"no_new_privs", {.no_new_privs = true}, "cannot set no_new_privs"},
  };
}

}  // namespace

TEST_P(settings_of, a_process_that_fail_at_any_step_leave_nothing_behind_and_the_next_start_works) {
  for (const auto& row : injected_failures()) {
    if (!row.how.user.empty() && ::geteuid() != 0) continue;
    ::setenv("LINESHAFT_FAULTS", (std::string(row.call) + "=EPERM").c_str(), 1);
    process_manager manager(support::host());
    ASSERT_TRUE(manager.start_worker("runs", "warm")) << "a start without settings takes no step";
    // Until then the start itself may hold more.
    ASSERT_TRUE(manager.wait_ready("warm"));
    ::unsetenv("LINESHAFT_FAULTS");
    const auto descriptors = support::open_descriptors();
    const auto processes = support::children();
    const auto failed = ::start(manager, GetParam(), row.how);
    ASSERT_FALSE(failed) << row.call;
    EXPECT_EQ(failed.error().message(), std::string("cannot start 'a': ") + row.expected + ": Operation not permitted");
    EXPECT_TRUE(eventually([&] { return support::children() == processes; })) << row.call;
    EXPECT_TRUE(eventually([&] { return support::open_descriptors() <= descriptors; })) << row.call;
    EXPECT_EQ(manager.get_status("a").generation, 0U) << "no record";
    const auto again = ::start(manager, GetParam(), row.how);
    EXPECT_TRUE(again) << row.call << ": " << again.error().message();
  }
}

TEST(settings, of_a_clone_that_cannot_even_have_a_pipe_fail_the_start) {
  ::setenv("LINESHAFT_FAULTS", "pipe2=EMFILE", 1);
  process_manager manager(support::host());
  const auto failed = manager.start_worker("runs", "a", {}, {.nice = 1});
  ::unsetenv("LINESHAFT_FAULTS");
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message(), "cannot start 'a': cannot make a pipe: Too many open files");
  EXPECT_TRUE(manager.start_worker("runs", "a", {}, {.nice = 1}));
}

TEST_P(settings_of, an_environment_clear_it_of_everything_but_what_a_worker_is_given) {
  const auto file = folder_ / "environment";
  start_options how{.ready = lineshaft::ready_when::notify, .env = {{"EXTRA", "read"}}, .clear_env = true};
  if (GetParam() == kind::program) {
    how.ready = lineshaft::ready_when::start;
    ASSERT_TRUE(manager_.start_command("a", {"sh", "-c", "/usr/bin/env > " + file + "; echo end=1 >> " + file}, how));
    ASSERT_TRUE(eventually([&] { return support::facts_of(file).contains("end"); }));
  } else {
    how.method = GetParam() == kind::exec ? start_method::exec : start_method::fork_server;
    ASSERT_TRUE(manager_.start_worker("shows_environment", "a", {{"file", file}}, how));
    ASSERT_TRUE(manager_.wait_ready("a", 60s));
  }
  auto facts = support::facts_of(file);
  EXPECT_EQ(facts["EXTRA"], "read");
  EXPECT_EQ(facts["LINESHAFT_WORKER"], "a");
  EXPECT_EQ(facts["LINESHAFT_GENERATION"], "1");
  EXPECT_FALSE(facts.contains("HOME"));
}
