#pragma once
// A kernel and a clock that exist in memory alone: processes that crash, hang, are slow or cannot be made, all of it
// decided by a seed. Time passes only from one event to the next.
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>

#include "supervisor/kernel.hpp"

namespace simulation {
using namespace lineshaft;
using policy::time_point;
using std::chrono::milliseconds;

/// Chance from a seed, the same on every machine.
class dice {
 public:
  explicit dice(std::uint64_t seed) : random_(seed) {}
  std::uint64_t below(std::uint64_t count) { return random_() % count; }
  bool one_in(std::uint64_t count) { return below(count) == 0; }
  milliseconds up_to(milliseconds most) { return milliseconds(below(static_cast<std::uint64_t>(most.count()) + 1)); }
  double chance() { return static_cast<double>(below(2001)) / 1000.0 - 1; }

 private:
  std::mt19937_64 random_;
};

/// What is true of one process, whatever the supervisor believes.
struct truth {
  std::string name;
  std::uint32_t generation = 0;
  pid_t pid = 0;  ///< 0 until it exists
  bool ended = false;
  bool ready = false;
  bool is_program = false;
  std::vector<int> signals;  ///< that it was sent
  bool stuck = false;        ///< its launch is not answered before it is given up
  bool unkillable = false;   ///< for a while
  time_point exists_since = time_point::max(), ready_at{}, ended_at{};
};

/// What a process does, where a test says it.
struct role {
  bool can_start = true;
  std::optional<milliseconds> ready = milliseconds(0);   ///< how long it takes; none: it never is
  std::optional<milliseconds> leaves = milliseconds(0);  ///< how long it takes when it is asked to; none: it never does
  std::optional<milliseconds> crashes = {};              ///< after how long; none: it does not
  bool unkillable = false;
};

class simulated_kernel final : public supervisor::kernel {
 public:
  explicit simulated_kernel(std::uint64_t seed) : dice_(seed) {}

  // kernel
  time_point now() const override { return now_; }
  void later(std::function<void()> what) override { at(now_, std::move(what)); }
  std::unique_ptr<supervisor::alarm> make_alarm() override;
  result<std::unique_ptr<supervisor::process>> launch(channel::launch_request request, std::vector<unique_fd>,
                                                      const supervisor::process_output&,
                                                      supervisor::process_events& events) override;
  std::shared_ptr<void> when_readable(const std::vector<int>&, std::function<void()>) override {
    return std::make_shared<int>();
  }
  void on_stops(std::function<void()>) override {}
  double chance() override { return dice_.chance(); }

  /// Runs `what` when it is time.
  void at(time_point when, std::function<void()> what);
  /// Lets the next event happen. False if there is none.
  bool step();
  void run_for(milliseconds span);
  bool idle() const { return queue_.empty(); }
  dice& chances() { return dice_; }
  /// From now on nothing goes wrong, and every process leaves when it is asked.
  void calm_down() { calm_ = true; }
  bool calm() const { return calm_; }

  /// From now on each process does what this says, and nothing by chance.
  void direct(std::function<role(const channel::launch_request&)> cast) { cast_ = std::move(cast), calm_ = true; }

  /// Called before each launch.
  std::function<void(const channel::launch_request&)> on_launch;
  /// Every process ever asked for, in that order.
  const std::vector<std::shared_ptr<truth>>& processes() const { return processes_; }

 private:
  using moment = std::pair<time_point, std::uint64_t>;

  time_point now_{std::chrono::hours(1)};
  std::uint64_t last_number_ = 0;
  std::map<moment, std::function<void()>> queue_;
  dice dice_;
  bool calm_ = false;
  std::function<role(const channel::launch_request&)> cast_;
  pid_t last_pid_ = 1000;
  std::vector<std::shared_ptr<truth>> processes_;
};

}  // namespace simulation
