#include "telemetry/write_whole.hpp"

#include <unistd.h>

#include <cerrno>

namespace lineshaft::telemetry {

bool write_whole(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) return false;
    if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace lineshaft::telemetry
