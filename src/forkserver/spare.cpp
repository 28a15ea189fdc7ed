#include "forkserver/spare.hpp"

#include <unistd.h>

#include <cstdlib>
#include <optional>

#include "channel/packet.hpp"
#include "channel/tree_mark.hpp"
#include "channel/worker_messages.hpp"
#include "forkserver/copy.hpp"
#include "forkserver/orphans.hpp"
#include "sys/process.hpp"
#include "worker/grace.hpp"
#include "worker/process.hpp"
#include "worker/rehearsal.hpp"

namespace lineshaft::forkserver {
namespace {

// Nothing when the manager has died.
std::optional<channel::packet> wait_for_request(const spare_ends& ends) {
  bool is_open = true;
  for (;;) {
    sys::wait_readable(is_open ? ends.channel.get() : -1, ends.manager.get());
    if (is_open) {
      auto received = channel::receive_packet(ends.channel.get());
      if (received && (!received->bytes.empty() || received->truncated)) return std::move(*received);
      // The end of the channel alone is no death: a manager closes what it has before it is known to be gone.
      is_open = !received && sys::would_block(received.error());
    }
    if (sys::is_readable(ends.manager.get())) return std::nullopt;
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
