#include "supervisor/spares.hpp"

#include <algorithm>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <csignal>
#include <utility>

#include "channel/packet.hpp"
#include "channel/worker_messages.hpp"
#include "supervisor/worker_ends.hpp"
#include "sys/fault.hpp"
#include "sys/process_settings.hpp"
#include "sys/wait.hpp"

namespace lineshaft::supervisor {
namespace asio = boost::asio;

// One to become a worker and one that stays.
constexpr std::size_t enough = 2;

struct spares::spare {
  asio::posix::stream_descriptor socket;
  std::shared_ptr<const status::manager_block> block;
  pid_t pid = 0;  ///< 0 until it or the fork server has said it
  bool said_hello = false;

  bool waits() const { return said_hello && socket.is_open(); }
};

std::vector<unique_fd> spares::one_more() {
  if (all_.size() >= enough || closed_ || sys::injected("spare")) return {};
  auto ends = make_worker_ends();
  if (!ends) return {};
  all_.push_back(
      std::make_shared<spare>(asio::posix::stream_descriptor(loop_, ends->channel.release()), std::move(ends->block)));
  listen_to(all_.back());
  return std::move(ends->of_process);
}

void spares::listen_to(const std::shared_ptr<spare>& one) {
  one->socket.async_wait(asio::posix::stream_descriptor::wait_read,
                         [this, weak = std::weak_ptr(one)](boost::system::error_code ec) {
                           if (const auto it = weak.lock(); it && !ec) heard(it);
                         });
}

void spares::heard(const std::shared_ptr<spare>& one) {
  const auto packet = channel::receive_packet(one->socket.native_handle());
  if (packet && packet->bytes.empty() && !packet->truncated) return lost(one);
  if (packet) {
    const auto message = channel::decode_worker_message(packet->bytes);
    const auto* hello = message ? std::get_if<channel::hello>(&*message) : nullptr;
    const auto answer = channel::decode_launch_reply(packet->bytes);
    one->said_hello = one->said_hello || hello != nullptr;
    if (hello != nullptr) one->pid = hello->pid;
    if (answer) one->pid = answer->pid;
    if (one->pid != 0) relatives_.leads(one->pid);
    if (one->pid != 0 && closed_) return end(one);
  }
  listen_to(one);
}

// It is gone, or was never made.
void spares::lost(std::shared_ptr<spare> one) {
  one->socket.close();
  if (one->pid == 0) return remove(one);
  undertaker_.take(one->pid, [this, weak = std::weak_ptr(one)] {
    if (const auto it = weak.lock()) {
      relatives_.forget(it->pid);
      remove(it);
    }
  });
}

void spares::remove(std::shared_ptr<spare> one) {
  std::erase(all_, one);
  if (closed_ && all_.empty()) std::exchange(closed_, {})();
}

std::optional<launched_spare> spares::become(const channel::launch_request& request,
                                             const std::vector<unique_fd>& descriptors) {
  const bool is_plain =
      request.kind == channel::launch_kind::clone && !request.cgroup && sys::settings_plan(request.settings).empty();
  const auto waits = [](const auto& one) { return one->waits(); };
  if (!is_plain || std::ranges::count_if(all_, waits) < 2) return std::nullopt;
  const auto found = std::ranges::find_if(all_, waits);
  auto handle = sys::pidfd_open((*found)->pid);
  // A process that the program has forked may hold its end of the channel.
  const auto ended = handle ? sys::has_ended(handle->get()) : std::unexpected(handle.error());
  if (ended.value_or(false)) lost(*found);
  if (ended.value_or(true) || !channel::send_packet((*found)->socket.native_handle(), channel::encode(request),
                                                    channel::numbers_of(descriptors)))
    return std::nullopt;
  launched_spare made{
      {(*found)->pid, std::move(*handle)}, unique_fd((*found)->socket.release()), std::move((*found)->block)};
  all_.erase(found);
  return made;
}

void spares::close(std::function<void()> closed) {
  if (all_.empty()) return closed();
  closed_ = std::move(closed);
  for (const auto& one : std::vector(all_))
    if (one->pid != 0) end(one);
}

void spares::end(std::shared_ptr<spare> one) {
  const auto handle = sys::pidfd_open(one->pid);
  // Only if it has not ended, by whoever would have reaped it, is that a handle of it.
  if (handle && sys::has_ended(handle->get())) (void)sys::pidfd_send_signal(handle->get(), SIGKILL);
  if (!handle) undertaker_.kill(one->pid);
  lost(one);
}

}  // namespace lineshaft::supervisor
