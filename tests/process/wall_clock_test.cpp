// Whether the clock on the wall of this process jumps: where it should, the other tests prove what that changes.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <ctime>

#include "children/classes.hpp"
#include "support/eventually.hpp"
#include "support/program.hpp"

using namespace std::chrono_literals;

namespace {

class wall_clock : public ::testing::Test {
 protected:
  void SetUp() override {
    if (std::getenv("LINESHAFT_JUMPING_CLOCK") == nullptr) GTEST_SKIP() << "only under tests/children/jumping_clock";
  }
};

}  // namespace

TEST_F(wall_clock, jumps_between_two_looks_at_it) {
  for (int look = 0; look < 5; ++look) {
    const auto before = std::chrono::system_clock::now();
    EXPECT_GE(std::chrono::abs(std::chrono::system_clock::now() - before), 50min);
  }
}

TEST_F(wall_clock, that_jumps_leaves_the_order_and_the_spans_of_events_alone) {
  lineshaft::process_manager manager(support::host());
  std::mutex mutex;
  std::vector<lineshaft::event> events;
  const auto heard = manager.subscribe([&](const lineshaft::event& one) {
    const std::scoped_lock lock(mutex);
    events.push_back(one);
  });
  const auto began = std::chrono::steady_clock::now();
  ASSERT_TRUE(manager.start_worker<children::idle>("a"));
  for (int round = 0; round < 10; ++round) ASSERT_TRUE(manager.restart_worker("a"));
  manager.stop_process("a");
  const auto all_told = [&] {
    const std::scoped_lock lock(mutex);
    return !events.empty() && events.back().kind == lineshaft::event_kind::stopped;
  };
  ASSERT_TRUE(support::eventually(all_told));
  const auto ended = std::chrono::steady_clock::now();
  auto before = began;
  std::uint64_t number = events.front().seq;
  for (const auto& one : events) {
    EXPECT_EQ(one.seq, number++);
    EXPECT_GE(one.monotonic, before);
    before = one.monotonic;
  }
  EXPECT_GE(ended, before);
  for (const auto& record : manager.exit_records("a")) {
    EXPECT_GE(record.lifetime, 0ms);
    EXPECT_TRUE(record.lifetime <= ended - began) << "the process has lived between the two";
  }
}
