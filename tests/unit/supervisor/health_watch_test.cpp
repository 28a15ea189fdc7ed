// When a living process is looked at, and when nobody looks.
#include "supervisor/health_watch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace lineshaft;
using namespace std::chrono_literals;
using policy::ailment;
using policy::time_point;

namespace {

/// Time stands still, alarms ring when the test says so, and descriptors can be read when it says so.
class still_kernel final : public supervisor::kernel {
 public:
  class one_alarm final : public supervisor::alarm {
   public:
    explicit one_alarm(still_kernel& world) : world_(world) {}
    void set(time_point when, std::function<void()> ring) override {
      world_.due = when;
      world_.ring = std::move(ring);
    }
    void cancel() override { world_.due.reset(); }

   private:
    still_kernel& world_;
  };

  time_point now() const override { return time; }
  void later(std::function<void()>) override {}
  std::unique_ptr<supervisor::alarm> make_alarm() override { return std::make_unique<one_alarm>(*this); }
  std::shared_ptr<void> when_readable(const std::vector<int>& descriptors, std::function<void()> tell) override {
    if (no_descriptor_left) return nullptr;
    waited_for = descriptors;
    input = std::move(tell);
    auto waits = std::make_shared<int>();
    waiting = waits;
    return waits;
  }
  void on_stops(std::function<void()>) override {}
  result<std::unique_ptr<supervisor::process>> launch(channel::launch_request, std::vector<unique_fd>,
                                                      const supervisor::process_output&,
                                                      supervisor::process_events&) override {
    return fail("cannot launch anything here");
  }
  double chance() override { return 0; }

  time_point time{1h};
  std::optional<time_point> due;
  std::function<void()> ring, input;
  std::vector<int> waited_for;
  std::weak_ptr<void> waiting;
  bool no_descriptor_left = false;
};

class health_watch : public ::testing::Test {
 protected:
  void begin(watchdog_options watchdog) {
    watch_.begin({{.watchdog = watchdog}, false, 0}, {.look = [this] { return signs_; },
                                                      .inputs = [] { return std::vector{7, 8}; },
                                                      .stop_changed = [this] { ++stop_changes_; },
                                                      .found = [this](ailment what) { found_.push_back(what); }});
  }
  void ring_after(std::chrono::milliseconds span) {
    world_.time += span;
    ASSERT_EQ(world_.due, world_.time);
    world_.ring();
  }

  still_kernel world_;
  policy::vital_signs signs_;
  std::vector<ailment> found_;
  int stop_changes_ = 0;
  supervisor::health_watch watch_{world_};
};

}  // namespace

TEST_F(health_watch, of_nothing_declared_is_none) {
  watch_.begin({{}, false, 0}, {});
  EXPECT_FALSE(watch_.watching());
  EXPECT_FALSE(world_.due);
}

TEST_F(health_watch, waits_for_input_without_an_alarm_and_looks_from_then_on) {
  begin({.progress = 8s});
  EXPECT_FALSE(world_.due);
  EXPECT_THAT(world_.waited_for, testing::ElementsAre(7, 8));
  EXPECT_FALSE(world_.waiting.expired());

  signs_.has_input = true;
  world_.input();
  EXPECT_TRUE(world_.waiting.expired()) << "no message more wakes anybody";
  for (int quarter = 0; quarter < 4; ++quarter) ring_after(2s);
  EXPECT_THAT(found_, testing::ElementsAre(ailment::no_progress));

  signs_.has_input = false;
  ring_after(2s);
  EXPECT_FALSE(world_.waiting.expired()) << "and it rests again";
  EXPECT_FALSE(world_.due);
}

TEST_F(health_watch, looks_by_the_clock_where_nobody_can_tell_of_input) {
  world_.no_descriptor_left = true;
  begin({.progress = 8s});
  ring_after(2s);
  world_.no_descriptor_left = false;
  ring_after(2s);
  EXPECT_FALSE(world_.due);
  EXPECT_FALSE(world_.waiting.expired());
}

TEST_F(health_watch, tells_of_a_stop_and_of_its_end_once_each) {
  begin({.timeout = 5s});
  for (const bool stopped : {true, true, false, false}) {
    signs_.stopped = stopped;
    watch_.look_again();
    EXPECT_EQ(watch_.stopped(), stopped);
  }
  EXPECT_THAT(found_, testing::ElementsAre(ailment::stopped));
  EXPECT_EQ(stop_changes_, 2);
}

TEST_F(health_watch, at_its_end_waits_for_nothing) {
  begin({.progress = 8s});
  watch_.end();
  EXPECT_TRUE(world_.waiting.expired());
  EXPECT_FALSE(watch_.watching());
  watch_.look_again();
  watch_.beat();
  EXPECT_THAT(found_, testing::IsEmpty());
}
