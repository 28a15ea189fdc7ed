// What comes over a channel: from a worker that has been taken over, or from another version.
#include "channel/launch_messages.hpp"
#include "channel/worker_messages.hpp"
#include "input.hpp"

using namespace lineshaft::channel;

namespace {

// What was understood can be said again, and is understood as the same.
template <class Decode>
void check(Decode decode, std::span<const std::byte> bytes) {
  const auto first = decode(bytes);
  if (!first) return;
  const auto again = encode(*first);
  const auto second = decode(again);
  fuzz::must(second.has_value());
  fuzz::must(encode(*second) == again);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto bytes = fuzz::bytes(data + 1, size - 1);
  switch (data[0] % 5) {
    case 0: check(decode_worker_message, bytes); break;
    case 1: check(decode_manager_message, bytes); break;
    case 2: check(decode_worker_image, bytes); break;
    case 3: check(decode_launch_request, bytes); break;
    default: check(decode_launch_reply, bytes); break;
  }
  return 0;
}
