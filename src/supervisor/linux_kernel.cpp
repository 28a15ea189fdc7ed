#include "supervisor/linux_kernel.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <utility>

#include "supervisor/worker_process.hpp"
#include "sys/descriptor.hpp"

namespace lineshaft::supervisor {
namespace {

class timer_alarm final : public alarm {
 public:
  explicit timer_alarm(boost::asio::io_context& loop) : timer_(loop) {}

  void set(policy::time_point when, std::function<void()> ring) override {
    timer_.expires_at(when);
    timer_.async_wait([ring = std::move(ring)](boost::system::error_code ec) {
      if (!ec) ring();
    });
  }
  void cancel() override { timer_.cancel(); }

 private:
  boost::asio::steady_timer timer_;
};

}  // namespace

void linux_kernel::later(std::function<void()> what) { boost::asio::post(loop_, std::move(what)); }

std::unique_ptr<alarm> linux_kernel::make_alarm() { return std::make_unique<timer_alarm>(loop_); }

std::shared_ptr<void> linux_kernel::when_readable(const std::vector<int>& descriptors, std::function<void()> ring) {
  using boost::asio::posix::stream_descriptor;
  auto waits = std::make_shared<std::vector<stream_descriptor>>();
  for (const int one : descriptors) {
    // A descriptor of its own: the loop hears of every message as long as it knows the descriptor, waiting or not.
    auto copy = sys::duplicate(one);
    if (!copy) return nullptr;
    waits->emplace_back(loop_, copy->release());
  }
  for (auto& one : *waits)
    one.async_wait(stream_descriptor::wait_read, [weak = std::weak_ptr(waits), ring](boost::system::error_code ec) {
      if (!ec && !weak.expired()) ring();
    });
  return waits;
}

result<std::unique_ptr<process>> linux_kernel::launch(channel::launch_request request, std::vector<unique_fd> sockets,
                                                      const process_output& output, process_events& events) {
  return worker_process::launch({loop_, family_, launcher_, reaper_, outputs_, groups_}, std::move(request),
                                std::move(sockets), output, events);
}

}  // namespace lineshaft::supervisor
