// How processes end, as the kernel says it, and what is left when something else has asked first.
#include "sys/wait.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>

#include "support/processes.hpp"

using namespace lineshaft;
using namespace std::chrono_literals;

namespace {

/// A child that does this and leaves with 0; a pidfd of it.
struct child {
  pid_t pid;
  unique_fd handle;

  explicit child(const std::function<void()>& does) : pid(::fork()) {
    if (pid == 0) {
      does();
      ::_exit(0);
    }
    handle = std::move(sys::pidfd_open(pid).value());
  }
  void wait_for_end() const {
    pollfd one{handle.get(), POLLIN, 0};
    while (::poll(&one, 1, -1) < 0) continue;
  }
};

void no_core() {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
}

[[noreturn]] void wait_for_ever() {
  for (;;) ::pause();
}

}  // namespace

TEST(wait, tells_how_a_child_ended) {
  const struct {
    const char* what;
    std::function<void()> does;
    int code;
  } table[] = {
      {"success", [] { ::_exit(0); }, 0},
      {"a code", [] { ::_exit(70); }, 70},
      {"the highest code", [] { ::_exit(255); }, 255},
      {"killed", [] { ::raise(SIGKILL); }, -SIGKILL},
      {"terminated",
       [] {
         ::signal(SIGTERM, SIG_DFL);
         ::raise(SIGTERM);
       },
       -SIGTERM},
      {"aborted",
       [] {
         no_core();
         ::signal(SIGABRT, SIG_DFL);
         ::raise(SIGABRT);
       },
       -SIGABRT},
  };
  for (const auto& row : table) {
    const child one(row.does);
    one.wait_for_end();
    const auto status = sys::reap(one.handle.get());
    ASSERT_TRUE(status) << row.what;
    EXPECT_TRUE(status->known) << row.what;
    EXPECT_EQ(status->code, row.code) << row.what;
    EXPECT_EQ(status->by_signal(), row.code < 0) << row.what;
    EXPECT_FALSE(status->core_dumped) << row.what;
    EXPECT_EQ(support::state_of(one.pid), 0) << row.what << ": reaped, so not even a zombie is left";
  }
}

TEST(wait, gives_nothing_while_the_child_runs_and_does_not_wait_for_it) {
  const child one(wait_for_ever);
  EXPECT_EQ(sys::has_ended(one.handle.get()), false);
  EXPECT_FALSE(sys::reap(one.handle.get()));
  EXPECT_FALSE(sys::reap_pid(one.pid));
  ASSERT_TRUE(sys::pidfd_send_signal(one.handle.get(), SIGKILL));
  one.wait_for_end();
  EXPECT_EQ(sys::has_ended(one.handle.get()), true);
  EXPECT_EQ(support::state_of(one.pid), 'Z') << "asking does not reap";
  EXPECT_EQ(sys::has_ended(one.handle.get()), true) << "and may be repeated";
  EXPECT_EQ(sys::reap_pid(one.pid)->code, -SIGKILL);
}

TEST(wait, a_stopped_child_has_not_ended) {
  const child one(wait_for_ever);
  ASSERT_TRUE(sys::pidfd_send_signal(one.handle.get(), SIGSTOP));
  siginfo_t info{};
  ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(one.pid), &info, WSTOPPED | WNOWAIT), 0);
  EXPECT_EQ(sys::has_ended(one.handle.get()), false);
  EXPECT_FALSE(sys::reap(one.handle.get()));
  ASSERT_TRUE(sys::pidfd_send_signal(one.handle.get(), SIGKILL));
  one.wait_for_end();
  EXPECT_EQ(sys::reap(one.handle.get())->code, -SIGKILL);
}

TEST(wait, says_what_the_child_has_used) {
  constexpr std::size_t touched = 64 << 20;
  const child one([] {
    auto* bytes = static_cast<volatile char*>(std::malloc(touched));
    for (std::size_t n = 0; n < touched; n += 1024) bytes[n] = 1;
    rusage mine{};
    do ::getrusage(RUSAGE_SELF, &mine);
    while (mine.ru_utime.tv_sec == 0 && mine.ru_utime.tv_usec < 20'000);
  });
  one.wait_for_end();
  const auto status = sys::reap(one.handle.get());
  ASSERT_TRUE(status);
  EXPECT_GE(status->user_time + status->system_time, 20ms);
  EXPECT_GE(status->max_resident_bytes, touched);
}

TEST(wait, what_something_else_has_reaped_is_no_child_any_more_and_its_code_is_known_or_said_to_be_unknown) {
  const child one([] { ::_exit(3); });
  one.wait_for_end();
  int elsewhere = 0;
  ASSERT_EQ(::waitpid(one.pid, &elsewhere, 0), one.pid);
  const auto ended = sys::has_ended(one.handle.get());
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().code, std::errc::no_child_process);
  const auto by_handle = sys::reap(one.handle.get());
  ASSERT_TRUE(by_handle) << "it would be waited for, for ever";
  EXPECT_EQ(by_handle->known ? by_handle->code : 3, 3);
  const auto by_pid = sys::reap_pid(one.pid);
  ASSERT_TRUE(by_pid);
  EXPECT_FALSE(by_pid->known) << "a number alone says nothing of a process that is gone";
}

TEST(wait, a_signal_to_one_that_is_gone_is_an_error_and_hits_nobody) {
  const child one([] {});
  one.wait_for_end();
  ASSERT_TRUE(sys::reap(one.handle.get()));
  const auto sent = sys::pidfd_send_signal(one.handle.get(), SIGKILL);
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, std::errc::no_such_process);
}

TEST(wait, kill_group_reaches_every_member_and_never_everybody) {
  int pipe_ends[2];
  ASSERT_EQ(::pipe(pipe_ends), 0);
  const unique_fd reader(pipe_ends[0]);
  unique_fd writer(pipe_ends[1]);
  const child leader([&] {
    ::setpgid(0, 0);
    const pid_t member = ::fork();
    const pid_t told = member == 0 ? ::getpid() : 0;
    if (member == 0) (void)!::write(writer.get(), &told, sizeof told);
    wait_for_ever();
  });
  writer.reset();
  pid_t member = 0;
  ASSERT_EQ(::read(reader.get(), &member, sizeof member), static_cast<ssize_t>(sizeof member));
  sys::kill_group(leader.pid, SIGKILL);
  char nothing = 0;
  EXPECT_EQ(::read(reader.get(), &nothing, 1), 0) << "the last holder of the pipe is gone";
  leader.wait_for_end();
  EXPECT_EQ(sys::reap(leader.handle.get())->code, -SIGKILL);
  // kill(-1), kill(0) and kill(1) would mean everybody, our own group, and init.
  for (const pid_t wrong : {0, 1, -1}) sys::kill_group(wrong, SIGKILL);
}

TEST(wait, pidfd_open_of_a_process_that_does_not_exist_says_which) {
  const auto opened = sys::pidfd_open(999'999'999);
  ASSERT_FALSE(opened);
  EXPECT_TRUE(opened.error().message().starts_with("cannot open pidfd of 999999999: ")) << opened.error().message();
}
