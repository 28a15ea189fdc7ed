#include "forkserver/offspring.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

#include "sys/relations.hpp"
#include "sys/wait.hpp"

namespace sys = lineshaft::sys;
using lineshaft::forkserver::handle_of;
using lineshaft::forkserver::made_process;
using lineshaft::forkserver::offspring;

namespace {

made_process pausing() {
  made_process one{.not_before = sys::ticks_since_boot()};
  one.pid = ::fork();
  if (one.pid == 0)
    for (;;) ::pause();
  one.not_after = sys::ticks_since_boot();
  return one;
}

void end(pid_t pid) {
  ::kill(pid, SIGKILL);
  ::waitpid(pid, nullptr, 0);
}

}  // namespace

TEST(offspring, gives_a_handle_of_what_it_has_made) {
  const auto one = pausing();
  const auto handle = handle_of(one);
  ASSERT_TRUE(handle) << handle.error().message();
  EXPECT_TRUE(sys::pidfd_send_signal(handle->get(), SIGKILL));
  ::waitpid(one.pid, nullptr, 0);
  EXPECT_EQ(handle_of(one).error().code, std::errc::no_such_process);
}

TEST(offspring, gives_no_handle_of_who_has_that_number_later_or_had_it_before) {
  auto one = pausing();
  const auto began = one.not_before;
  for (const auto& [from, to] : {std::pair{began + 100, began + 200}, std::pair{began - 200, began - 100}}) {
    one.not_before = from;
    one.not_after = to;
    EXPECT_EQ(handle_of(one).error().code, std::errc::no_such_process) << from << " to " << to;
  }
  end(one.pid);
}

TEST(offspring, forgets_the_ended_while_it_grows) {
  offspring all;
  auto first = pausing();
  const pid_t lives = first.pid;
  all.add(std::move(first));
  for (int count = 0; count < 100; ++count) {
    auto next = pausing();
    end(next.pid);
    all.add(std::move(next));
  }
  EXPECT_LE(all.all().size(), 3U);
  EXPECT_EQ(std::ranges::count(all.all(), lives, &made_process::pid), 1);
  end(lives);
}
