// No orphans: the manager dies, or its fork server, or both at once.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdio>

#include "children/classes.hpp"
#include "support/eventually.hpp"
#include "support/files.hpp"
#include "support/processes.hpp"
#include "support/program.hpp"

using namespace std::chrono_literals;
using support::eventually;
using support::is_gone;

namespace {

/// A manager in another process, with one worker of each class that is named.
class other_manager {
 public:
  other_manager(const support::temporary_folder& folder, const std::string& classes) {
    const auto command = "echo $$; exec " + std::string(MANAGER_PROGRAM) + " " + (folder / "") + " " + classes;
    output_ = ::popen(command.c_str(), "r");
    char line[256];
    while (std::fgets(line, sizeof line, output_) != nullptr && std::string(line) != "ready\n") {
      char name[64];
      pid_t pid = 0;
      if (std::sscanf(line, "%63s %d", name, &pid) == 2)
        workers_[name] = pid;
      else
        manager_ = static_cast<pid_t>(std::strtol(line, nullptr, 10));
    }
    fork_server_ = support::fork_server_of(std::to_string(manager_));
  }
  ~other_manager() {
    ::kill(manager_, SIGKILL);
    for (const auto& [name, pid] : workers_) ::kill(pid, SIGKILL);
    ::pclose(output_);
  }
  other_manager(const other_manager&) = delete;
  other_manager& operator=(const other_manager&) = delete;

  pid_t manager() const { return manager_; }
  pid_t fork_server() const { return fork_server_; }
  pid_t worker(const std::string& name) const { return workers_.at(name); }

 private:
  FILE* output_ = nullptr;
  pid_t manager_ = 0;
  pid_t fork_server_ = 0;
  std::map<std::string, pid_t> workers_;
};

class manager_death : public ::testing::Test {
 protected:
  pid_t pid_in(const std::string& file) {
    EXPECT_TRUE(eventually([&] { return !support::lines_of(folder_ / file).empty(); })) << file;
    return static_cast<pid_t>(std::stol(support::lines_of(folder_ / file).front()));
  }

  support::temporary_folder folder_;
};

}  // namespace

TEST_F(manager_death, by_sigkill_stops_every_worker_gracefully_and_ends_the_fork_server) {
  const other_manager other(folder_, "idle runs reports program");
  ASSERT_NE(other.fork_server(), 0);
  ::kill(other.manager(), SIGKILL);
  for (const char* name : {"idle", "runs", "reports", "program"}) {
    EXPECT_TRUE(eventually([&] { return is_gone(other.worker(name)); })) << name;
  }
  EXPECT_EQ(support::lines_of(folder_ / "reports").back(), "stopped");
  EXPECT_TRUE(eventually([&] { return is_gone(other.fork_server()); }));
}

TEST_F(manager_death, kills_what_does_not_stop_within_the_grace) {
  const other_manager other(folder_, "hangs never_stops");
  ::kill(other.manager(), SIGKILL);
  EXPECT_TRUE(eventually([&] { return is_gone(other.worker("hangs")); }));
  EXPECT_TRUE(eventually([&] { return is_gone(other.worker("never_stops")); }));
  EXPECT_EQ(support::lines_of(folder_ / "never_stops"), std::vector<std::string>{"stopping"});
  EXPECT_TRUE(eventually([&] { return is_gone(other.fork_server()); }));
}

TEST_F(manager_death, together_with_the_fork_servers_leaves_no_orphan) {
  const other_manager other(folder_, "runs reports hangs never_stops");
  // The fork server first, stopped, so that it cannot do anything about the manager's death.
  ::kill(other.fork_server(), SIGSTOP);
  ::kill(other.manager(), SIGKILL);
  ::kill(other.fork_server(), SIGKILL);
  for (const char* name : {"runs", "reports", "hangs", "never_stops"}) {
    EXPECT_TRUE(eventually([&] { return is_gone(other.worker(name)); })) << name;
  }
  EXPECT_EQ(support::lines_of(folder_ / "reports").back(), "stopped");
}

TEST_F(manager_death, together_with_the_fork_servers_takes_what_a_worker_has_started_along) {
  const other_manager other(folder_, "has_grandchild");
  const auto grandchild = pid_in("has_grandchild");
  ASSERT_FALSE(is_gone(grandchild));
  ::kill(other.fork_server(), SIGSTOP);
  ::kill(other.manager(), SIGKILL);
  ::kill(other.fork_server(), SIGKILL);
  EXPECT_TRUE(eventually([&] { return is_gone(grandchild); }));
}

TEST_F(manager_death, together_with_the_fork_servers_ends_a_program_that_ignores_the_signal_by_a_spare) {
  const other_manager other(folder_, "stubborn idle");
  const auto stubborn = pid_in("stubborn");
  const auto manager = std::to_string(other.manager());
  ASSERT_TRUE(eventually([&] { return support::spares_of(manager).size() == 2; }));
  const auto spares = support::spares_of(manager);
  ::kill(spares.front(), SIGSTOP);  // the other has to do
  ::kill(other.fork_server(), SIGSTOP);
  ::kill(other.manager(), SIGKILL);
  ::kill(other.fork_server(), SIGKILL);
  EXPECT_TRUE(eventually([&] { return is_gone(stubborn); }));
  for (const pid_t spare : spares) EXPECT_TRUE(eventually([&] { return is_gone(spare); })) << spare;
}

// Whose copy of the socket to the fork server never closes.
TEST_F(manager_death, is_seen_though_a_process_that_the_program_has_forked_lives_on) {
  const other_manager other(folder_, "stubborn copy idle");
  const auto stubborn = pid_in("stubborn"), copy = pid_in("copy");
  const auto manager = std::to_string(other.manager());
  ASSERT_TRUE(eventually([&] { return support::spares_of(manager).size() == 2; }));
  const auto spares = support::spares_of(manager);
  ::kill(other.manager(), SIGKILL);
  EXPECT_TRUE(eventually([&] { return is_gone(stubborn); }));
  EXPECT_TRUE(eventually([&] { return is_gone(other.fork_server()); }));
  for (const pid_t spare : spares) EXPECT_TRUE(eventually([&] { return is_gone(spare); })) << spare;
  EXPECT_FALSE(is_gone(copy));
  ::kill(copy, SIGKILL);
}

TEST_F(manager_death, kills_a_hung_worker_that_could_have_no_timer_for_its_grace) {
  ::setenv("LINESHAFT_FAULTS", "timer_create=EAGAIN", 1);
  const other_manager other(folder_, "hangs");
  ::unsetenv("LINESHAFT_FAULTS");
  ::kill(other.fork_server(), SIGSTOP);
  ::kill(other.manager(), SIGKILL);
  ::kill(other.fork_server(), SIGKILL);
  EXPECT_TRUE(eventually([&] { return is_gone(other.worker("hangs")); }));
}

TEST_F(manager_death, takes_the_daemons_of_its_workers_along) {
  const other_manager other(folder_, "forks_a_daemon daemonizes");
  const auto forked = pid_in("forks_a_daemon"), executed = pid_in("daemon");
  ::kill(other.manager(), SIGKILL);
  EXPECT_TRUE(eventually([&] { return is_gone(forked); }));
  EXPECT_TRUE(eventually([&] { return is_gone(executed); }));
  EXPECT_TRUE(eventually([&] { return is_gone(other.fork_server()); }));
}

TEST_F(manager_death, ends_what_an_earlier_fork_server_has_made_though_it_ignores_the_signal) {
  const other_manager other(folder_, "stubborn kill_fork_server idle");
  const auto stubborn = pid_in("stubborn");
  ASSERT_FALSE(is_gone(stubborn));
  ::kill(other.manager(), SIGKILL);
  EXPECT_TRUE(eventually([&] { return is_gone(stubborn); }));
}

TEST(fork_server_death, leaves_running_workers_alone_and_the_next_start_makes_another) {
  lineshaft::process_manager manager(support::host());
  const auto pid = manager.start_worker("runs", "a");
  ASSERT_TRUE(manager.wait_ready("a", 60s));
  const auto first = support::fork_server_of("self");
  ASSERT_NE(first, 0);
  ::kill(first, SIGKILL);
  ASSERT_TRUE(eventually([&] { return support::state_of(first) == 0; })) << "killed and reaped";
  EXPECT_TRUE(manager.get_status("a").alive);
  EXPECT_EQ(manager.get_status("a").pid, *pid);
  const auto next = manager.start_worker("runs", "b");
  ASSERT_TRUE(next) << next.error().message();
  EXPECT_TRUE(manager.wait_ready("b", 60s));
  EXPECT_NE(support::fork_server_of("self"), first);
  EXPECT_EQ(manager.stop_process("a", 60s).how, lineshaft::stop_outcome::clean);
}

// In the middle of making a spare, at some of these times.
TEST(fork_server_death, at_any_moment_after_a_start_leaves_nobody_whom_the_manager_does_not_know) {
  for (int round = 0; round < 100; ++round) {
    {
      lineshaft::process_manager manager(support::host());
      ASSERT_TRUE(manager.start_worker("idle", "a"));
      for (std::atomic<int> later = round * 200; later > 0; --later) {
      }
      ::kill(support::fork_server_of("self"), SIGKILL);
    }
    ASSERT_EQ(support::children_of("self").size(), 0U) << round << '\n' << support::told_of_children();
  }
}

TEST(fork_server_death, at_any_step_of_a_start_is_an_error_or_a_worker_that_is_watched) {
  for (const char* step : {"fork_server.asked", "fork_server.cloned", "fork_server.answered"}) {
    for (const char* what : {"class", "program"}) {
      ::setenv("LINESHAFT_FAULTS", (std::string(step) + "=SIGKILL").c_str(), 1);
      lineshaft::process_manager manager(support::host());
      const lineshaft::start_options without_faults{.env = {{"LINESHAFT_FAULTS", ""}}};
      const auto started = what == std::string_view("class")
                               ? manager.start_worker("runs", "a", {}, without_faults)
                               : manager.start_command("a", {"sleep", "1000"}, without_faults);
      ::unsetenv("LINESHAFT_FAULTS");
      SCOPED_TRACE(std::string(step) + ' ' + what);
      EXPECT_EQ(started.has_value(), step != std::string_view("fork_server.asked"));
      if (started) {
        EXPECT_TRUE(manager.wait_ready("a", 60s));
        EXPECT_EQ(manager.stop_process("a", 60s).how, lineshaft::stop_outcome::clean);
      } else {
        EXPECT_EQ(started.error().message(), "cannot start a process: the fork server died: Connection reset by peer");
        EXPECT_TRUE(manager.get_all_status().empty());
      }
      // The one that is on its way out could still be asked, and would take the request with it.
      EXPECT_TRUE(eventually([] { return support::children() == 0; }));
      const auto next = manager.start_worker("runs", "b");
      EXPECT_TRUE(next) << next.error().message();
    }
  }
}
