#include "forkserver/spare.hpp"

#include <unistd.h>

#include <cstdlib>
#include <optional>
#include <thread>

#include "channel/packet.hpp"
#include "channel/tree_mark.hpp"
#include "channel/worker_messages.hpp"
#include "forkserver/copy.hpp"
#include "forkserver/orphans.hpp"
#include "sys/fault.hpp"
#include "sys/process.hpp"
#include "worker/grace.hpp"
#include "worker/process.hpp"
#include "worker/rehearsal.hpp"

namespace lineshaft::forkserver {
namespace {

// Nothing when the manager has died.
std::optional<channel::packet> wait_for_request(const spare_ends& ends) {
  for (;;) {
    sys::wait_readable(ends.channel.get(), ends.manager.get());
    auto received = channel::receive_packet(ends.channel.get());
    const bool is_end = received && received->bytes.empty() && !received->truncated;
    if (received && !is_end) return std::move(*received);
    // The end of the channel alone is no death: a manager closes what it has before it is known to be gone.
    if (sys::is_readable(ends.manager.get(), is_end ? runtime::orphan_grace : std::chrono::milliseconds(0)))
      return std::nullopt;
    if (is_end) ::_exit(0);
    // Something is lacking here for a while.
    if (!sys::would_block(received.error())) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

[[noreturn]] void become(std::span<const worker_class> classes, channel::packet packet, spare_ends ends) {
  const auto request = channel::decode_launch_request(packet.bytes);
  const auto output = request ? take_output_ends(request->output, packet.descriptors) : result<output_ends>();
  if (!request || packet.truncated || !output) {
    const channel::failed why{output ? "what it is to become did not reach it whole" : output.error().message()};
    (void)channel::send_packet(ends.channel.get(), channel::encode(channel::worker_message(why)));
    ::_exit(runtime::failed_exit_code);
  }
  keep_only(*output, {ends.channel.get(), ends.status.get()});
  runtime::become_worker(classes, request->image, std::move(ends.channel), std::move(ends.status));
}

}  // namespace

void become_spare(std::span<const worker_class> classes, spare_ends ends) {
  sys::reached("spare.begin");
  sys::set_name("lineshaft-spare");
  sys::lead_group();
  keep_only({}, {ends.channel.get(), ends.status.get(), ends.manager.get()});
  runtime::rehearse();
  runtime::begin_process(ends.channel.get());
  if (auto request = wait_for_request(ends)) become(classes, std::move(*request), std::move(ends));
  auto poller = sys::poller::make();
  if (!poller) ::_exit(runtime::failed_exit_code);
  orphans(std::move(*poller), channel::marks_of(std::getenv("LINESHAFT_TREE")), {}).end(runtime::orphan_grace);
  ::_exit(0);
}

}  // namespace lineshaft::forkserver
