// Much of everything: rounds without growth, signals without loss, threads without order.
#include <gtest/gtest.h>
#include <malloc.h>

#include <atomic>
#include <random>
#include <thread>

#include "children/classes.hpp"
#include "support/eventually.hpp"
#include "support/files.hpp"
#include "support/processes.hpp"
#include "support/program.hpp"
#include "support/sanitizers.hpp"

using namespace std::chrono_literals;
using lineshaft::process_manager;
using support::eventually;

namespace {

/// Bytes that are allocated now, by all threads: there is one arena (mallopt in the test).
std::size_t allocated() { return ::mallinfo2().uordblks; }

void one_round(process_manager& manager, std::string_view kind = "clone") {
  using lineshaft::start_method;
  const auto method = kind == "exec" ? start_method::exec : start_method::fork_server;
  ASSERT_TRUE(kind == "program" ? manager.start_command("a", {"sleep", "1000"})
                                : manager.start_worker("idle", "a", {}, {.method = method}));
  ASSERT_TRUE(manager.wait_ready("a", 60s));
  ASSERT_EQ(manager.stop_process("a", 60s).how, lineshaft::stop_outcome::clean);
  ASSERT_TRUE(manager.forget("a"));
}

}  // namespace

TEST(endurance, a_thousand_rounds_leave_no_descriptor_process_mapping_or_growth) {
  ::mallopt(M_ARENA_MAX, 1);
  process_manager manager(support::host());
  for (int round = 0; round < 200; ++round) one_round(manager);
  EXPECT_TRUE(eventually(support::fork_server_rests));
  const auto descriptors = support::open_descriptors();
  const auto processes = support::children();
  const auto mappings = support::mappings();
  const auto fork_server = support::fork_server_of("self");
  const auto its_descriptors = support::open_descriptors(fork_server);
  const auto its_data = support::data_bytes(fork_server);
  const auto before = allocated();
  for (int round = 0; round < 1000 && !::testing::Test::HasFailure(); ++round) one_round(manager);
  EXPECT_TRUE(eventually(support::fork_server_rests));
  EXPECT_EQ(support::open_descriptors(), descriptors);
  EXPECT_TRUE(eventually([&] { return support::children() == processes; })) << support::told_of_children();
  EXPECT_EQ(support::mappings(), mappings);
  // Freed pieces that wait in the threads' caches count as allocated; a leak of the smallest piece a round does not.
  if (!support::sanitized) {
    EXPECT_LT(allocated(), before + 1000 * 16);
    EXPECT_LT(support::data_bytes(fork_server), its_data + 1000 * 16);
  }
  EXPECT_EQ(support::fork_server_of("self"), fork_server);
  EXPECT_EQ(support::open_descriptors(fork_server), its_descriptors);
}

TEST(endurance, rounds_of_what_is_executed_leave_nothing_either) {
  process_manager manager(support::host());
  for (const char* kind : {"exec", "program"}) {
    one_round(manager, kind);
    EXPECT_TRUE(eventually(support::fork_server_rests));
    const auto fork_server = support::fork_server_of("self");
    const auto descriptors = support::open_descriptors(), its_descriptors = support::open_descriptors(fork_server);
    const auto mappings = support::mappings();
    for (int round = 0; round < 100 && !::testing::Test::HasFailure(); ++round) one_round(manager, kind);
    EXPECT_TRUE(eventually(support::fork_server_rests));
    EXPECT_EQ(support::open_descriptors(), descriptors) << kind;
    EXPECT_EQ(support::open_descriptors(fork_server), its_descriptors) << kind;
    EXPECT_EQ(support::mappings(), mappings) << kind;
    EXPECT_TRUE(eventually([&] { return support::children() == 1; })) << kind;
  }
}

TEST(endurance, two_hundred_sigterms_in_a_tight_loop_lose_none_and_hang_none) {
  ::mallopt(M_ARENA_MAX, 1);
  process_manager manager(support::host());
  for (int round = 0; round < 200; ++round) {
    const auto pid = manager.start_worker("counts", "a", {}, {.restart = {.mode = lineshaft::restart_mode::never}});
    ASSERT_TRUE(pid);
    ASSERT_TRUE(manager.wait_ready("a", 60s));
    ::kill(*pid, SIGTERM);
    ASSERT_TRUE(eventually([&] { return !manager.get_status("a").alive; })) << "round " << round;
    ASSERT_EQ(manager.exit_records("a").back().reason, "stopped by a signal from outside");
  }
  const auto pid = manager.start_worker("counts", "b");
  ASSERT_TRUE(manager.wait_ready("b", 60s));
  for (int signal = 0; signal < 200; ++signal) ::kill(*pid, SIGTERM);
  EXPECT_TRUE(eventually([&] { return !manager.get_status("b").alive; }));
}

TEST(endurance, sixty_four_threads_that_start_stop_and_read_at_random) {
  {
    process_manager manager(support::host());
    std::vector<std::thread> threads;
    for (unsigned seed = 0; seed < 64; ++seed) {
      threads.emplace_back([&manager, seed] {
        std::mt19937 random(seed);
        for (int step = 0; step < 20; ++step) {
          const auto name = "w" + std::to_string(random() % 16);
          switch (random() % 6) {
            case 0:
            case 1: (void)manager.start_worker(random() % 8 == 0 ? "dies" : "runs", name); break;
            case 2: manager.stop_process(name, 10s); break;
            case 3: (void)manager.restart_worker(name); break;
            case 4: (void)manager.forget(name); break;
            default:
              for (const auto& status : manager.get_all_status()) (void)lineshaft::to_json(status);
          }
        }
      });
    }
    for (auto& thread : threads) thread.join();
    for (const auto& outcome : manager.stop_all(60s))
      EXPECT_NE(outcome.how, lineshaft::stop_outcome::killed) << outcome.name;
    EXPECT_TRUE(eventually([&] { return support::children() == 1; })) << "the fork server";
  }
  EXPECT_EQ(support::children_of("self").size(), 0U);
}
