// What a program, or a stranger, sends to a NOTIFY_SOCKET.
#include "policy/notification.hpp"
#include "input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto said = lineshaft::policy::parse_notification(fuzz::text(data, size));
  if (said) fuzz::must(size <= lineshaft::policy::longest_notification);
  return 0;
}
