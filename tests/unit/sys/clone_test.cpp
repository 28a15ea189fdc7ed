// A program executed, or the step that failed: in each case one process that is reaped, and nothing else.
#include "sys/clone.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "support/files.hpp"
#include "support/processes.hpp"
#include "sys/fault.hpp"
#include "sys/wait.hpp"

using namespace lineshaft;

namespace {

using texts = std::vector<std::string>;

/// The texts of a program, and the pointers to them that sys::program is made of.
struct launch {
  texts paths, argv, environment;
  sys::program what;

  explicit launch(texts candidates, texts arguments = {"program"}, texts variables = {})
      : paths(std::move(candidates)), argv(std::move(arguments)), environment(std::move(variables)) {
    what.paths = point(paths, path_pointers_);
    what.argv = point(argv, argv_pointers_);
    what.environment = point(environment, environment_pointers_);
  }

 private:
  static char** point(texts& at, std::vector<char*>& pointers) {
    for (auto& text : at) pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers.data();
  }
  std::vector<char*> path_pointers_, argv_pointers_, environment_pointers_;
};

int exit_code(const sys::spawned& of) {
  pollfd one{of.process.pidfd.get(), POLLIN, 0};
  while (::poll(&one, 1, -1) < 0) continue;
  return sys::reap(of.process.pidfd.get())->code;
}

struct pipe_pair {
  unique_fd reader, writer;
  pipe_pair() {
    int ends[2];
    EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    reader.reset(ends[0]);
    writer.reset(ends[1]);
  }
  /// All that comes until the last writer is gone.
  std::string text() {
    writer.reset();
    std::string all;
    char part[256];
    for (ssize_t size = 0; (size = ::read(reader.get(), part, sizeof part)) > 0;)
      all.append(part, static_cast<std::size_t>(size));
    return all;
  }
};

}  // namespace

TEST(spawn, runs_a_program_with_its_arguments_environment_and_working_directory) {
  pipe_pair output;
  const support::temporary_folder folder;
  const std::string script = "echo \"$0 $1 $A ${B-unset}\"; pwd -P; kill -s 0 -- -$$ && echo leads";
  launch made({"/bin/sh"}, {"sh", "-c", script, "zero", "one"}, {"A=1"});
  const sys::process_settings settings{.working_directory = folder / "."};
  const sys::settings_plan plan(settings);
  made.what.settings = &plan;
  made.what.descriptors[1] = output.writer.get();
  const auto spawned = sys::spawn(made.what, sys::spawn_as::child);
  ASSERT_TRUE(spawned.outcome) << spawned.outcome.error().message();
  EXPECT_EQ(output.text(), "zero one 1 unset\n" + std::filesystem::canonical(folder / ".").string() + "\nleads\n");
  EXPECT_EQ(exit_code(spawned), 0);
}

TEST(spawn, each_step_that_fails_is_named_and_leaves_one_process_to_reap) {
  const support::temporary_folder folder;
  const auto not_executable = folder.write("text", "no program");
  const auto no_format = folder.write("garbage", std::string("\x7f"
                                                             "ELF garbage"));
  ASSERT_EQ(::chmod(no_format.c_str(), 0700), 0);
  const struct {
    const char* what;
    texts candidates;
    void (*change)(sys::program&);
    std::string message;
  } table[] = {
      {"no file", {"/nowhere/x"}, nullptr, "cannot execute 'program': No such file or directory"},
      {"a folder that is a file",
       {not_executable + "/x"},
       nullptr,
       "cannot execute 'program': No such file or directory"},
      {"not executable", {not_executable}, nullptr, "cannot execute 'program': Permission denied"},
      {"a folder", {"/tmp"}, nullptr, "cannot execute 'program': Permission denied"},
      {"as execvp(3): what may not be executed is told when nothing better comes",
       {not_executable, "/nowhere/x"},
       nullptr,
       "cannot execute 'program': Permission denied"},
      {"no program at all in it", {no_format, "/bin/true"}, nullptr, "cannot execute 'program': Exec format error"},
      {"no working directory",
       {"/bin/true"},
       [](sys::program& what) {
         static const sys::process_settings settings{.working_directory = "/nowhere"};
         static const sys::settings_plan plan(settings);
         what.settings = &plan;
       },
       "cannot change to directory '/nowhere': No such file or directory"},
      {"a descriptor that is not open",
       {"/bin/true"},
       [](sys::program& what) { what.descriptors[1] = 9999; },
       "cannot place the standard descriptors: Bad file descriptor"},
      {"a signal that there is not",
       {"/bin/true"},
       [](sys::program& what) { what.death_signal = 9999; },
       "cannot ask for the parent's death: Invalid argument"},
      {"a parent that is gone already",
       {"/bin/true"},
       [](sys::program& what) {
         what.death_signal = SIGTERM;
         what.parent = ::getpid() + 1;
       },
       "cannot start: the manager is gone: No such process"},
  };
  for (const auto& row : table) {
    const auto descriptors = support::open_descriptors();
    launch made(row.candidates);
    if (row.change != nullptr) row.change(made.what);
    {
      const auto spawned = sys::spawn(made.what, sys::spawn_as::child);
      ASSERT_FALSE(spawned.outcome) << row.what;
      EXPECT_EQ(spawned.outcome.error().message(), row.message) << row.what;
      ASSERT_GT(spawned.process.pid, 0) << row.what;
      EXPECT_EQ(exit_code(spawned), 127) << row.what;
    }
    EXPECT_EQ(support::open_descriptors(), descriptors) << row.what;
    EXPECT_EQ(support::children(), 0U) << row.what;
  }
}

TEST(spawn, a_later_candidate_will_do) {
  const support::temporary_folder folder;
  const auto not_executable = folder.write("text", "no program");
  launch made({"/nowhere/x", not_executable, not_executable + "/x", "/bin/true"});
  const auto spawned = sys::spawn(made.what, sys::spawn_as::child);
  ASSERT_TRUE(spawned.outcome) << spawned.outcome.error().message();
  EXPECT_EQ(exit_code(spawned), 0);
}

// In a process of its own, where the lowest numbers are free: the first pipe gets 3 and 4, the second 5 and 6.
TEST(spawn, places_descriptors_that_are_each_others_targets_and_leaves_no_other_open) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::close_range(3, ~0U, 0);
    pipe_pair one, two, output;
    const unique_fd not_for_it(::dup(0));  // without close-on-exec
    launch made({"/bin/sh"}, {"sh", "-c",
                              "for n in 3 4 5 6 7 8 9 10 11 12; do [ -e /proc/$$/fd/$n ] && echo $n; done;"
                              "echo to two >&4; echo to one >&5"});
    made.what.descriptors[1] = output.writer.get();
    made.what.descriptors[4] = two.writer.get();
    made.what.descriptors[5] = one.writer.get();
    const bool chained = one.writer.get() == 4;
    const auto spawned = sys::spawn(made.what, sys::spawn_as::child);
    const bool ran = spawned.outcome && exit_code(spawned) == 0;
    ::_exit(chained && ran && output.text() == "4\n5\n" && one.text() == "to one\n" && two.text() == "to two\n" ? 0
                                                                                                                : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(pid, &status, 0), pid);
  EXPECT_EQ(status, 0);
}

TEST(spawn, gives_the_program_default_signals_and_an_empty_mask) {
  ::signal(SIGPIPE, SIG_IGN);
  sigset_t blocked, before, after;
  ::sigemptyset(&blocked);
  ::sigaddset(&blocked, SIGUSR1);
  ::pthread_sigmask(SIG_BLOCK, &blocked, &before);
  pipe_pair output;
  launch made({"/bin/grep"}, {"grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status"});
  made.what.descriptors[1] = output.writer.get();
  const auto spawned = sys::spawn(made.what, sys::spawn_as::child);
  ASSERT_TRUE(spawned.outcome) << spawned.outcome.error().message();
  EXPECT_EQ(output.text(), "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
  EXPECT_EQ(exit_code(spawned), 0);
  ::pthread_sigmask(SIG_SETMASK, &before, &after);
  EXPECT_EQ(::sigismember(&after, SIGUSR1), 1) << "the caller's own mask is as it was";
  EXPECT_EQ(::sigismember(&after, SIGUSR2), 0);
  ::signal(SIGPIPE, SIG_DFL);
}

TEST(spawn, a_clone_that_fails_is_an_error_without_a_process) {
  sys::inject("clone", std::make_error_code(std::errc::resource_unavailable_try_again));
  const launch made({"/bin/true"});
  const auto spawned = sys::spawn(made.what, sys::spawn_as::child);
  sys::clear_injected();
  ASSERT_FALSE(spawned.outcome);
  EXPECT_EQ(spawned.outcome.error().code, std::errc::resource_unavailable_try_again);
  EXPECT_EQ(spawned.process.pid, 0);
  EXPECT_EQ(support::children(), 0U);
}

TEST(clone, can_be_told_that_the_kernel_lacks_it) {
  sys::inject("prctl", std::make_error_code(std::errc::invalid_argument));
  EXPECT_FALSE(sys::can_clone());
  sys::clear_injected();
}
