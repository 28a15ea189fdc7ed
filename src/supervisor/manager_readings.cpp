#include "supervisor/manager_readings.hpp"

#include <atomic>
#include <boost/asio/post.hpp>

namespace lineshaft::supervisor {

using clock = std::chrono::steady_clock;

struct manager_readings::ping {
  clock::time_point sent = clock::now();
  std::atomic<clock::duration> took = clock::duration::zero();  ///< zero: not yet
};

metric_source manager_readings::source() {
  return {[this] { return workers_.all(); }, [this] { return core_.queues(); }, [this] { return events_.dropped(); },
          [this] { return lag(); }};
}

// A collection must not wait for the loop: it reads what became of the ping of the one before.
std::optional<double> manager_readings::lag() {
  std::optional<double> seconds;
  if (ping_) {
    const auto took = ping_->took.load();
    const bool answered = took != clock::duration::zero();
    seconds = std::chrono::duration<double>(answered ? took : clock::now() - ping_->sent).count();
    if (!answered) return seconds;
  }
  ping_ = std::make_shared<ping>();
  boost::asio::post(loop_, [sent = ping_] { sent->took = std::max(clock::now() - sent->sent, clock::duration(1)); });
  return seconds;
}

}  // namespace lineshaft::supervisor
