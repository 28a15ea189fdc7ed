#pragma once
// The real processes and the real time, on an event loop.
#include <boost/asio/io_context.hpp>
#include <random>

#include "output/outputs.hpp"
#include "supervisor/control_groups.hpp"
#include "supervisor/family.hpp"
#include "supervisor/kernel.hpp"
#include "supervisor/launcher.hpp"

namespace lineshaft::supervisor {

/// Everything but the constructor runs on the loop's thread.
class linux_kernel final : public kernel {
 public:
  linux_kernel(boost::asio::io_context& loop, output::outputs& outputs, bool owns_children)
      : loop_(loop),
        family_(loop, owns_children),
        reaper_(loop),
        launcher_(loop, reaper_, family_),
        outputs_(outputs) {}

  policy::time_point now() const override { return std::chrono::steady_clock::now(); }
  void later(std::function<void()> what) override;
  std::unique_ptr<alarm> make_alarm() override;
  result<std::unique_ptr<process>> launch(channel::launch_request request, std::vector<unique_fd> sockets,
                                          const process_output& output, process_events& events) override;
  std::shared_ptr<void> when_readable(const std::vector<int>& descriptors, std::function<void()> ring) override;
  void on_stops(std::function<void()> tell) override { family_.on_news(std::move(tell)); }
  double chance() override { return std::uniform_real_distribution(-1.0, 1.0)(random_); }

  /// Makes the fork server before it is needed. A failure shows itself, with its reason, at the first start.
  void prepare() { (void)launcher_.prepare(); }
  /// The end of the fork server, after the last stop.
  void close(std::function<void()> closed) { launcher_.close(std::chrono::seconds(1), std::move(closed)); }

 private:
  boost::asio::io_context& loop_;
  family family_;
  reaper reaper_;
  launcher launcher_;
  output::outputs& outputs_;
  sys::cgroup_tree tree_;
  control_groups groups_{tree_};
  std::mt19937_64 random_{std::random_device{}()};
};

}  // namespace lineshaft::supervisor
